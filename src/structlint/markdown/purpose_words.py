"""The words of a heading or a sentence by which a drawing below it is not required.

Each list has English first, then German, French, Spanish, Portuguese, Russian and Chinese, separated by
commas. The words match as whole words, whatever their case; those of a language without blanks match
anywhere.
"""

from __future__ import annotations

# What must not exist. A drawing below these words becomes forbidden entries.
FORBIDDEN = """
must not exist, must not be there, must not be here, must not be present, must not be created, must
not be added, must never exist, must never be created, should not exist, should not be created,
shall not exist, not allowed, disallowed, forbidden, prohibited, banned, avoid, do not create, don't
create, do not add, don't add, do not use, don't use, never create, never add, never commit, do not
commit, don't commit, verboten, nicht erlaubt, nicht anlegen, vermeiden, interdit, interdits,
interdites, ne pas créer, à éviter, prohibido, prohibidos, prohibidas, no crear, evitar, proibido,
proibidos, proibidas, não criar, запрещено, запрещены, нельзя, не создавать, 禁止, 不要创建, 不允许
"""

# What shows how not to do it: right and wrong names are mixed in it, so it forbids nothing.
WRONG = """
bad, wrong, incorrect, anti-pattern, anti-patterns, antipattern, antipatterns, don't, do not,
don'ts, what not to do, how not to, not like this, instead of, falsch, schlecht, mauvais,
incorrecto, errado, неправильно, плохо, 错误, 反模式
"""

PROPOSED = """
proposal, proposals, proposed, propose, suggestion, suggested, planned, plan, plans, future, in the
future, roadmap, idea, ideas, wish list, wishlist, someday, some day, one day, eventually, next
steps, to be created, to be added, not yet, may become, might, could become, could look, could be,
would be, would look, would become, if we, we may, we could, we would, we plan, coming soon,
optional additions, vorschlag, vorgeschlagen, vorgeschlagene, geplant, geplante, zukunft, zukünftig,
proposition, proposé, proposée, prévu, prévue, à venir, futur, future structure, propuesta,
propuesto, planeado, futuro, proposta, planejado, предложение, предлагаемая, планируется, планы,
будущее, 建议, 提议, 计划, 未来, 规划
"""

EXAMPLE = """
example, examples, for example, for instance, e.g, sample, samples, demo, tutorial, suppose,
imagine, let's say, illustration, hypothetical, mock-up, beispiel, beispiele, exemple, exemples,
ejemplo, ejemplos, exemplo, exemplos, пример, примеры, 示例, 例子, 例如, 举例
"""

FORMER = """
before, old, legacy, previous, previously, former, formerly, deprecated, obsolete, removed,
historical, originally, used to be, used to look, used to have, no longer, outdated, superseded,
discontinued, retired, vorher, früher, veraltet, avant, ancien, ancienne, obsolète, antes, antiguo,
antigua, obsoleto, antigo, antiga, раньше, старая, старый, устарело, 以前, 旧, 旧的, 已弃用, 已废弃
"""

OUTPUT = """
output, outputs, sample output, example output, build output, what a run writes, what is written,
what is generated, what gets generated, what it writes, generated output, result, results, will
generate, will create, will produce, will write, will print, creates the following, generates the
following, produces the following, writes the following, prints the following, is written to, are
written to, artifacts, artefacts, ausgabe, ergebnis, ergebnisse, sortie, résultat, résultats,
salida, resultado, resultados, saída, вывод, результат, результаты, 输出, 结果, 产物
"""

ELSEWHERE = """
what others do, other projects, other repositories, other repos, alternative, alternatives,
comparison, compared to, compared with, versus, vs, inspiration, on the server, on your machine, on
the target, in the container, on the host, home directory, vergleich, alternativen, comparaison,
comparación, alternativas, comparação, сравнение, альтернативы, 对比, 比较, 替代方案
"""

# What says that a drawing is required, below a heading that says otherwise.
REQUIRED = """
after, current, currently, actual, now, today, instead, use this, follow this, good, right, correct,
as follows, is organized, is organised, is structured, is laid out, aktuell, aktuelle, nachher,
actuel, actuelle, après, después, atual, depois, текущая, сейчас, 当前, 现在
"""
