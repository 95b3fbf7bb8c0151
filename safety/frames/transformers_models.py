"""Picture classifiers that are transformers models: those with labels, those asked in words, and ShieldGemma 2.

Loaded from a folder whose bytes were checked, from safetensors alone, without code of the model's own and without a
look at the net.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from safety.frames.watching import LabelsUnknownError, Picture, PictureClassifier

_LOCAL: Final[dict[str, Any]] = {"local_files_only": True, "trust_remote_code": False}
_WEIGHTS: Final[dict[str, Any]] = {**_LOCAL, "use_safetensors": True}


class Labels:
    """An image classifier: `labels` says which of its labels mean what, `harmless` which mean nothing."""

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        from transformers import AutoImageProcessor, AutoModelForImageClassification

        self._processor = _from(AutoImageProcessor, folder, **_LOCAL)
        self._model = _ready(_from(AutoModelForImageClassification, folder, **_WEIGHTS))
        config = self._model.config
        self._several = config.problem_type == "multi_label_classification"
        self._meant = _meanings([config.id2label[at] for at in range(config.num_labels)], settings)

    def look(self, pictures: Sequence[Picture]) -> list[dict[str, float]]:
        import torch

        with torch.inference_mode():
            inputs = self._processor(images=_pil(pictures), return_tensors="pt").to(self._model.device)
            logits = self._model(**inputs).logits.float()
            scores = logits.sigmoid() if self._several else logits.softmax(-1)
        return [_summed(zip(self._meant, row, strict=True), add=not self._several) for row in scores.tolist()]


class ZeroShot:
    """CLIP or SigLIP: each picture is compared with sentences; what is likest to a harmless one is harmless.

    `asked`: sentences by category; `harmless`: what else the picture might be.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        from transformers import AutoModel, AutoProcessor

        asked: Mapping[str, Sequence[str]] = settings["asked"]
        harmless: Sequence[str] = settings["harmless"]
        if not asked or not harmless:
            raise LabelsUnknownError
        self._meant = [category for category, sentences in asked.items() for _ in sentences] + [""] * len(harmless)
        sentences = [one for said in asked.values() for one in said] + list(harmless)
        self._processor = _from(AutoProcessor, folder, **_LOCAL)
        self._model = _ready(_from(AutoModel, folder, **_WEIGHTS))
        padding = "max_length" if self._model.config.model_type.startswith("siglip") else True
        self._words = dict(self._processor(text=sentences, return_tensors="pt", padding=padding, truncation=True))

    def look(self, pictures: Sequence[Picture]) -> list[dict[str, float]]:
        import torch

        with torch.inference_mode():
            images = self._processor(images=_pil(pictures), return_tensors="pt")
            inputs = {name: value.to(self._model.device) for name, value in {**self._words, **images}.items()}
            shares = self._model(**inputs).logits_per_image.float().softmax(-1)
        return [_summed(zip(self._meant, row, strict=True), add=True) for row in shares.tolist()]


class ShieldGemma:
    """ShieldGemma 2: asked about each of its policies, it answers Yes or No; the probability of Yes is the score."""

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        from transformers import AutoProcessor, ShieldGemma2ForImageClassification

        self._policies: Mapping[str, str] = settings["policies"]
        self._processor = _from(AutoProcessor, folder, **_LOCAL)
        self._model = _ready(_from(ShieldGemma2ForImageClassification, folder, **_WEIGHTS))

    def look(self, pictures: Sequence[Picture]) -> list[dict[str, float]]:
        return [self._look(picture) for picture in _pil(pictures)]

    def _look(self, picture: Any) -> dict[str, float]:
        import torch

        with torch.inference_mode():
            inputs = self._processor(images=[picture], policies=list(self._policies), return_tensors="pt")
            shares = self._model(**inputs.to(self._model.device)).probabilities.float()
        if shares.shape != (len(self._policies), 2):
            raise LabelsUnknownError
        return _summed(zip(self._policies.values(), shares[:, 0].tolist(), strict=True), add=False)


READERS: Final[Mapping[str, Callable[[Path, Mapping[str, Any]], PictureClassifier]]] = {
    "labels": Labels,
    "zero_shot": ZeroShot,
    "shieldgemma": ShieldGemma,
}


def _from(kind: Any, folder: Path, **how: Any) -> Any:
    return kind.from_pretrained(folder, **how)


def _ready(model: Any) -> Any:
    import torch

    return model.eval().to("cuda" if torch.cuda.is_available() else "cpu")


def _meanings(labels: Sequence[str], settings: Mapping[str, Any]) -> list[str]:
    """The category of each label, or nothing. A label that nobody has said the meaning of may mean anything."""
    meant: Mapping[str, str] = settings["labels"]
    harmless = set(settings.get("harmless", ()))
    if {label for label in labels if label not in meant and label not in harmless} or set(meant) - set(labels):
        raise LabelsUnknownError
    return [meant.get(label, "") for label in labels]


def _summed(scored: "zip[tuple[str, float]]", *, add: bool) -> dict[str, float]:
    """By category: shares of one whole are added up, answers to questions of their own are not."""
    found: dict[str, float] = {}
    for category, score in scored:
        if category:
            found[category] = found.get(category, 0.0) + score if add else max(found.get(category, 0.0), score)
    return found


def _pil(pictures: Sequence[Picture]) -> list[Any]:
    from PIL import Image

    return [Image.fromarray(picture) for picture in pictures]
