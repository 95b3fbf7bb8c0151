"""Text classifiers that were trained: Detoxify, and guard models that answer Safe, Controversial or Unsafe.

Loaded from a folder whose bytes were checked, from safetensors alone and without a look at the net. Both read all of a
text: one longer than the model's window is read in overlapping chunks, and the worst chunk counts.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from safety.categories import KNOWN
from safety.text.base import Deadline, TextClassifier, UnusableAnswerError
from safety.verdict import Signal, Surface

_OVERLAP: Final = 48  # tokens of neighbouring chunks


class DetoxifyReader:
    """Detoxify's own class does the scoring; only its loading is ours: it would unpickle, and ask the hub first.

    `labels`: category by Detoxify's label; `scale`: what a score is multiplied by, where the label means less here than
    it says ("obscene" is swearing more often than sex).
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        from detoxify import Detoxify  # type: ignore[import-untyped]
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        self.name = str(settings["name"])
        found = Detoxify.__new__(Detoxify)
        tokenizer: Any = AutoTokenizer
        found.tokenizer = tokenizer.from_pretrained(folder, local_files_only=True)
        model: Any = AutoModelForSequenceClassification
        found.model = model.from_pretrained(folder, local_files_only=True, use_safetensors=True).eval()
        config = found.model.config
        found.class_names = [config.id2label[at] for at in range(config.num_labels)]
        found.device = found.model.device
        self._meant: Mapping[str, str] = settings["labels"]
        self._scale: Mapping[str, float] = settings.get("scale", {})
        unheard = set(found.class_names) - set(self._meant) - set(settings.get("harmless", ()))
        if unheard or set(self._meant) - set(found.class_names) or not set(self._meant.values()) <= KNOWN:
            raise UnusableAnswerError
        self._detoxify = found
        self._window = min(int(found.tokenizer.model_max_length), int(config.max_position_embeddings) - 2, 512)

    def read(self, text: str, deadline: Deadline) -> Sequence[Signal]:
        best: dict[str, float] = {}
        for chunk in _chunks(text, self._detoxify.tokenizer, self._window - 2):
            deadline.check()
            for label, score in self._detoxify.predict(chunk).items():
                if label in self._meant:
                    value = _share(score) * self._scale.get(label, 1.0)
                    best[self._meant[label]] = max(best.get(self._meant[label], 0.0), value)
        return [_signal(self.name, category, score) for category, score in best.items()]


# What Qwen3Guard calls its categories, and what they are here.
_GUARD_CATEGORIES: Final[Mapping[str, str]] = {
    "violent": "violence",
    "non-violent illegal acts": "illicit_goods",
    "sexual content or sexual acts": "sexual",
    "pii": "privacy",
    "suicide & self-harm": "self_harm",
    "unethical acts": "harassment",
    "politically sensitive topics": "political",
    "copyright violation": "others_ip",
    "jailbreak": "deception",
}
_LABELS: Final = ("Safe", "Controversial", "Unsafe")
_WEIGHTS: Final = (0.0, 0.6, 1.0)  # what each label counts: the policy holds at 0.5 and refuses at 0.9
_LEAST_MASS: Final = 0.5  # of the first token's probability that has to lie on the three labels
_WORTH_NAMING: Final = 0.3
_LONGEST_NAME: Final = 16  # tokens


class GuardReader:
    """A guard model of the Qwen3Guard-Gen kind: after "Safety:" the first token says which of the three it is.

    The score comes from that token's probabilities, so that it can be calibrated; only what is worth naming is then
    read on, for its category.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self.name = str(settings["name"])
        tokenizer: Any = AutoTokenizer
        self._tokenizer = tokenizer.from_pretrained(folder, local_files_only=True)
        model: Any = AutoModelForCausalLM
        loaded = model.from_pretrained(folder, local_files_only=True, use_safetensors=True, dtype="auto")
        self._model = _on_device(loaded)
        self._calibrate = float(settings.get("temperature", 1.0))
        self._meant = {**_GUARD_CATEGORIES, **settings.get("labels", {})}
        self._firsts = [self._first_token(label) for label in _LABELS]
        if len(set(self._firsts)) < len(_LABELS) or not set(self._meant.values()) <= KNOWN:
            raise UnusableAnswerError
        self._window = min(int(settings.get("window", 2_048)), int(self._model.config.max_position_embeddings)) - 600

    def read(self, text: str, deadline: Deadline) -> Sequence[Signal]:
        best: dict[str, float] = {}
        for chunk in _chunks(text, self._tokenizer, max(64, self._window)):
            deadline.check()
            score, tokens = self._score(chunk)
            category = self._category(tokens) if score >= _WORTH_NAMING else None
            if category is not None:
                best[category] = max(best.get(category, 0.0), score)
        return [_signal(self.name, category, score) for category, score in best.items()]

    def _first_token(self, label: str) -> int:
        before = self._tokenizer.encode("Safety:", add_special_tokens=False)
        after = self._tokenizer.encode(f"Safety: {label}", add_special_tokens=False)
        if after[: len(before)] != before or len(after) == len(before):
            raise UnusableAnswerError
        return int(after[len(before)])

    def _score(self, text: str) -> tuple[float, Any]:
        import torch

        asked = self._tokenizer.apply_chat_template([{"role": "user", "content": text}], tokenize=False)
        tokens = self._tokenizer(asked + "Safety:", return_tensors="pt", add_special_tokens=False).input_ids
        tokens = tokens.to(self._model.device)
        with torch.inference_mode():
            shares = (self._model(tokens).logits[0, -1].float() / self._calibrate).softmax(-1)
        found = [_share(shares[at].item()) for at in self._firsts]
        if sum(found) < _LEAST_MASS:
            raise UnusableAnswerError
        return sum(w * one for w, one in zip(_WEIGHTS, found, strict=True)) / sum(found), tokens

    def _category(self, tokens: Any) -> str:
        import torch

        said = " Unsafe\nCategories:"
        ahead = self._tokenizer(said, return_tensors="pt", add_special_tokens=False).input_ids.to(tokens.device)
        with torch.inference_mode():
            written = self._model.generate(
                torch.cat([tokens, ahead], dim=1), max_new_tokens=_LONGEST_NAME, do_sample=False
            )
        answer = self._tokenizer.decode(written[0, tokens.shape[1] + ahead.shape[1] :], skip_special_tokens=True)
        named = answer.partition("\n")[0].lower()
        for name, category in self._meant.items():
            if name in named:
                return str(category)
        raise UnusableAnswerError


READERS: Final[Mapping[str, Callable[[Path, Mapping[str, Any]], TextClassifier]]] = {
    "detoxify": DetoxifyReader,
    "guard": GuardReader,
}


def _on_device(model: Any) -> Any:
    import torch

    return model.eval().to("cuda" if torch.cuda.is_available() else "cpu")


def _chunks(text: str, tokenizer: Any, longest: int) -> Iterator[str]:
    """The text in pieces of so many tokens, cut where the tokens are; nothing of it is left out."""
    told = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False)
    places = [place for place in told["offset_mapping"] if place[1] > place[0]]
    if len(places) <= longest:
        yield text
        return
    overlap = min(_OVERLAP, longest // 4)
    for start in range(0, len(places) - overlap, max(1, longest - overlap)):
        end = min(start + longest, len(places)) - 1
        yield text[0 if start == 0 else places[start][0] : len(text) if end == len(places) - 1 else places[end][1]]


def _share(score: object) -> float:
    if not isinstance(score, float) or not math.isfinite(score) or not -1e-6 <= score <= 1 + 1e-6:
        raise UnusableAnswerError
    return min(max(score, 0.0), 1.0)


def _signal(name: str, category: str, score: float) -> Signal:
    return Signal(category=category, score=round(min(score, 1.0), 4), classifier=name, surface=Surface.TEXT)
