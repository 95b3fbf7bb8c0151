"""Models of the real classes and in the real format, with a handful of random weights: built when a test needs them."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from storage.models import Licence, Model, ModelFile, Shelf

torch.set_num_threads(1)
transformers.logging.set_verbosity_error()

WORDS = "<pad> <unk> <s> </s> <image> a photo of blood an ordinary scene gun Safety : Safe Unsafe Controversial Violent"


def tokenizer(extra: Iterable[str] = (), *, longest: int = 64, **special: Any) -> Any:
    vocabulary = list(dict.fromkeys([*WORDS.split(), *extra]))
    made = Tokenizer(models.WordLevel({word: at for at, word in enumerate(vocabulary)}, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    names = {"pad_token": "<pad>", "unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>"}
    return PreTrainedTokenizerFast(tokenizer_object=made, model_max_length=longest, **names | special)


def vit(folder: Path, labels: list[str]) -> Path:
    from transformers import ViTConfig, ViTForImageClassification, ViTImageProcessorPil

    torch.manual_seed(1)
    config = ViTConfig(
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        image_size=32,
        patch_size=16,
        id2label=dict(enumerate(labels)),
        label2id={label: at for at, label in enumerate(labels)},
    )
    ViTForImageClassification(config).save_pretrained(folder)
    ViTImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(folder)
    return folder


def siglip(folder: Path) -> Path:
    from transformers import SiglipConfig, SiglipImageProcessorPil, SiglipModel, SiglipProcessor

    torch.manual_seed(2)
    small = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    words = tokenizer(longest=16)
    text = {**small, "vocab_size": len(words), "max_position_embeddings": 16, "pad_token_id": 0}
    vision = {**small, "image_size": 32, "patch_size": 16}
    SiglipModel(SiglipConfig(text_config=text, vision_config=vision)).save_pretrained(folder)
    pictures = SiglipImageProcessorPil(size={"height": 32, "width": 32})
    SiglipProcessor(image_processor=pictures, tokenizer=words).save_pretrained(folder)
    return folder


def clip(folder: Path) -> Path:
    from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel, CLIPProcessor

    torch.manual_seed(3)
    small = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    words = tokenizer(longest=16)
    text = {**small, "vocab_size": len(words), "max_position_embeddings": 16, "eos_token_id": 3, "pad_token_id": 0}
    vision = {**small, "image_size": 32, "patch_size": 16}
    CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=8)).save_pretrained(folder)
    pictures = CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})
    CLIPProcessor(image_processor=pictures, tokenizer=words).save_pretrained(folder)
    return folder


def bert(folder: Path, labels: list[str], *, longest: int = 32) -> Path:
    """What Detoxify's `original` is made of."""
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(4)
    words = tokenizer(longest=longest)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=longest + 2,
        num_labels=len(labels),
        id2label=dict(enumerate(labels)),
        label2id={label: at for at, label in enumerate(labels)},
        problem_type="multi_label_classification",
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    words.save_pretrained(folder)
    return folder


def guard(folder: Path, answer: str | None, *, then: str = "Violent") -> Path:
    """What Qwen3Guard-Gen is made of. It always answers this, and names this category; None: nothing of the sort."""
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(5)
    words = tokenizer(["user", "Categories"], longest=4_096)
    words.chat_template = "{% for message in messages %}user : {{ message['content'] }} {% endfor %}"
    config = Qwen3Config(
        vocab_size=len(words),
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
        max_position_embeddings=1_024,
        tie_word_embeddings=False,
        pad_token_id=0,
        bos_token_id=2,
        eos_token_id=3,
    )
    model = Qwen3ForCausalLM(config)
    if answer is not None:
        _always(model, words, {"Safety": answer, "Categories": then})
    model.save_pretrained(folder)
    words.save_pretrained(folder)
    return folder


_BEFORE = {"Safety": "user : a gun Safety:", "Categories": "user : a gun Safety: Unsafe Categories:"}


def _always(model: Any, words: Any, answers: dict[str, str]) -> None:
    """After "WORD :" it says the answer: the head reads off the hidden state which of the words came before."""
    states = []
    with torch.no_grad():
        for word in answers:
            tokens = words(_BEFORE[word], return_tensors="pt")
            states.append(model.model(tokens.input_ids).last_hidden_state[0, -1])
        basis = torch.linalg.pinv(torch.stack(states)) * 30  # hidden x words
        model.lm_head.weight.zero_()
        for column, answer in enumerate(answers.values()):
            model.lm_head.weight[words.convert_tokens_to_ids(answer)] += basis[:, column]


def shieldgemma(folder: Path) -> Path:
    from transformers import (
        Gemma3ImageProcessorPil,
        ShieldGemma2Config,
        ShieldGemma2ForImageClassification,
        ShieldGemma2Processor,
    )

    torch.manual_seed(6)
    special = ["<start_of_image>", "<end_of_image>", "<image_soft_token>", "Yes", "No", "user", "model"]
    named = dict(zip(("boi_token", "eoi_token", "image_token"), special[:3], strict=True))
    words = tokenizer(special, longest=4_096, extra_special_tokens=named)
    words.chat_template = (
        "{% for message in messages %}{% for part in message['content'] %}"
        "{% if part['type'] == 'image' %}<start_of_image> {% else %}{{ part['text'] }} {% endif %}"
        "{% endfor %}{% endfor %}"
    )
    small = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    text = {
        **small,
        "vocab_size": len(words),
        "num_key_value_heads": 1,
        "head_dim": 8,
        "max_position_embeddings": 2_048,
    }
    config = ShieldGemma2Config(
        text_config={**text, "model_type": "gemma3_text"},
        vision_config={**small, "image_size": 32, "patch_size": 8, "model_type": "siglip_vision_model"},
        mm_tokens_per_image=4,
        boi_token_index=words.convert_tokens_to_ids("<start_of_image>"),
        eoi_token_index=words.convert_tokens_to_ids("<end_of_image>"),
        image_token_index=words.convert_tokens_to_ids("<image_soft_token>"),
        yes_token_index=words.convert_tokens_to_ids("Yes"),
        no_token_index=words.convert_tokens_to_ids("No"),
    )
    model = ShieldGemma2ForImageClassification(config)
    for name, weight in model.named_parameters():
        if name.endswith("mm_input_projection_weight"):  # zero to begin with: no picture would make a difference
            torch.nn.init.normal_(weight)
    model.save_pretrained(folder)
    pictures = Gemma3ImageProcessorPil(size={"height": 32, "width": 32}, do_pan_and_scan=False)
    ShieldGemma2Processor(pictures, words, image_seq_length=4).save_pretrained(folder)
    return folder


def on_shelf(shelf: Shelf, name: str, kind: str, **settings: object) -> Model:
    """What was saved in the shelf's folder of that name, as a pull would have left it."""
    folder = shelf.root / name
    files = [
        ModelFile(
            path=path.relative_to(folder).as_posix(),
            size=path.stat().st_size,
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            url=f"http://127.0.0.1/{path.name}",
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    return Model(
        name=name,
        kind=kind,
        title=name,
        licence=Licence(name="none", link="https://example.org"),
        files=tuple(files),
        settings=settings,
    )
