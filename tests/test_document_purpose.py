# ruff: noqa: RUF001
"""The purpose of a drawing, as the text above it states it."""

from __future__ import annotations

from tables import table

from structlint.markdown.blocks import Context, Words
from structlint.markdown.purpose import purpose_of

PURPOSES = [
    # headings with the name of a directory, and sentences that describe it
    ("### /examples|Example services and sample data", "required"),
    ("### `ml/`|All ML/AI components and model artifacts.", "required"),
    ("### `planning/`|Planning tools and future models.", "required"),
    ("### `output/`|Output of the runs:", "required"),
    ("### Legacy service (`legacy/`)|The old code.", "required"),
    ("## Structure|Samples, results and other outputs of each run.", "required"),
    ("## Structure|Example code, kept by topic.", "required"),
    # sentences that introduce the drawing
    ("## Structure|For example:", "example"),
    ("## Structure|This is an example.", "example"),
    ("## Structure|A run writes these outputs:", "output"),
    ("## Structure|We may split it one day:", "proposed"),
    ("## Structure|Planned for the next release.", "proposed"),
    ("## Recommended project structure|", "required"),
    ("## 建議的結構|", "proposed"),
    ("## Structure|Applications must follow the structure below:", "template"),
    ("## Estrutura|As aplicações devem seguir a estrutura abaixo:", "template"),
    ("## Estrutura|No caso de aplicações Next.js:", "elsewhere"),
    ("## Structure|The project must follow the structure below:", "required"),
    ("# 目標架構：目錄樹|", "proposed"),
    ("# Target architecture of the shop|", "proposed"),
    # steps of a plan
    ("## Phase 2: Split the services|", "step"),
    ("### 3. Milestone 1 - Basics|", "step"),
    ("## Structure|Phase 1:", "step"),
    ("## Fase 2: Servicios|", "step"),
    ("## Этап 1. Ядро|", "step"),
    ("## 第二阶段：拆分|", "step"),
    ("## フェーズ3|", "step"),
    ("## 2단계: 분리|", "step"),
    ("## Phase 1 (current)|", "required"),
    ("## Phase diagrams|", "required"),
    ("## Phase 1 (`phase1/`)|", "required"),
    # prohibitions, of the drawing and of everything else
    ("## Structure|These must not exist:", "forbidden"),
    ("## Folders to avoid|", "forbidden"),
    ("## Structure|To avoid confusion, the tree is:", "required"),
    ("## Structure|Do not create other directories than these:", "required"),
    ("## Structure|Do not add files outside this structure:", "required"),
    ("## Structure|Direct commits are not allowed.", "required"),
    ("## Structure|Avoid global state.", "required"),
    # other places
    ("## Docker|Inside the container the layout is:", "elsewhere"),
    ("## Deployment|On the server:", "elsewhere"),
    ("## Usage|Add these to your project:", "elsewhere"),
    ("## Usage|Your project should look like this:", "elsewhere"),
    ("### AFTER Migration|", "proposed"),
    ("## Uso|Tu proyecto debería tener esta estructura:", "elsewhere"),
    ("## Uso|Seu projeto deve ficar assim:", "elsewhere"),
    ("## Server|In the server directory:", "required"),
    ("## Data preparation|", "fetched"),
    ("## Data|Download the images and organize them as follows:", "fetched"),
    # titles may contain any word
    ("# Floor planner|", "required"),
    ("# Example voting app|", "required"),
    ("# Results of the old demo|", "required"),
    ("# Proposal: split the shop|", "proposed"),
    ("## Example|", "example"),
    # in other languages
    *(
        (f"## {heading}|", "forbidden")
        for heading in ("禁止事項", "금지 폴더", "Cartelle vietate", "Yasak klasörler")
    ),
    *(
        (f"## {heading}|", "example")
        for heading in ("Contoh struktur", "Przykład", "Örnek", "예시", "サンプル")
    ),
    *(
        (f"## {heading}|", "proposed")
        for heading in ("Struttura proposta", "Planowana struktura", "향후 계획", "将来の構成")
    ),
    *(
        (f"## {heading}|", "former")
        for heading in ("変更前", "기존 구조", "Eski yapı", "Struktur lama", "旧结构")
    ),
    *(
        (f"## {heading}|", "required")
        for heading in ("プロジェクト構成", "프로젝트 구조", "Struttura del progetto", "Proje yapısı")
    ),
]


@table(("words", "kind"), PURPOSES, ids=[case[0] for case in PURPOSES])
def test_purpose(words: str, kind: str) -> None:
    heading, _, intro = words.partition("|")
    level, _, text = heading.partition(" ")
    title = level == "#"
    headings = (Words(text, 1),) if title else (Words("Shop", 1), Words(text, 2))
    context = Context(headings, Words(intro, 3) if intro else None, titled=True)
    if heading == "## Example":
        context = Context((Words(text, 1),))
    assert purpose_of(context).kind == kind


def test_first_line_does_not_determine_the_purpose() -> None:
    context = Context((Words("Shop", 1), Words("Examples", 2)), titled=True)
    assert purpose_of(context).kind == "example"
    assert purpose_of(context, "examples/").kind == "required"
