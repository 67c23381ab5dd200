# ruff: noqa: RUF001
"""The words of a heading or a sentence by which a drawing below it is not required.

Words of one language stand together, separated by commas. They match as whole words, whatever their case.
Words in a script without blanks match anywhere. English words are those of the documents that the tests
read. The words of other languages are the ones that READMEs in these languages use in such headings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Terms = Mapping[str, str]

_NO_BLANKS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

# What must not exist. A drawing below these words becomes forbidden entries.
FORBIDDEN = {
    "en": """must not exist, must not be there, must not be here, must not be present, must not be created,
        must not be added, must never exist, must never be created, should not exist, should not be created,
        shall not exist, not allowed, disallowed, forbidden, prohibited, banned, avoid, do not create,
        don't create, do not add, don't add, do not use, don't use, never create, never add, never commit,
        do not commit, don't commit, never be committed, not be committed, never be pushed, not be pushed""",
    "de": "verboten, nicht erlaubt, nicht anlegen, darf nicht existieren, dürfen nicht existieren, vermeiden",
    "fr": "interdit, interdits, interdites, ne pas créer, ne doivent pas exister, à éviter",
    "es": "prohibido, prohibidos, prohibidas, no crear, no deben existir, evitar",
    "pt": "proibido, proibidos, proibidas, não criar, não devem existir",
    "it": "vietato, vietati, vietate, da evitare, non creare, non devono esistere",
    "ru": "запрещено, запрещены, запрещённые, нельзя, не создавать, не должно быть",
    "pl": "zabronione, zakazane, niedozwolone, nie tworzyć, unikać",
    "tr": "yasak, yasaklı, oluşturmayın, bulunmamalı, kaçının",
    "id": "dilarang, terlarang, jangan buat, jangan membuat, tidak boleh ada, hindari",
    "zh": "禁止, 不要创建, 不允许, 不得存在, 不应存在, 避免",
    "ja": "禁止, 作成しないで, 作らないで, 置かないで, 存在してはならない, 避けるべき",
    "ko": "금지, 만들지 마, 생성하지 마, 있으면 안, 피해야",
}

# What is not to be changed, so that it is listed whether it exists or not.
GUARDED = {
    "en": """protected files, protected directories, protected paths, do not modify, do not edit,
        do not touch, don't modify, don't edit, don't touch, never modify, never edit, never touch,
        off-limits, off limits, must not be modified, must not be edited, read-only files""",
    "de": "geschützte dateien, nicht ändern, nicht bearbeiten, nicht anfassen",
    "fr": "fichiers protégés, ne pas modifier, ne pas toucher",
    "es": "archivos protegidos, no modificar, no editar, no tocar",
    "pt": "arquivos protegidos, não modificar, não editar, não altere",
    "it": "file protetti, non modificare, non toccare",
    "ru": "защищённые файлы, не изменять, не редактировать, не трогать",
    "pl": "pliki chronione, nie modyfikować, nie edytować",
    "tr": "korumalı dosyalar, değiştirmeyin, düzenlemeyin, silinemez",
    "id": "file yang dilindungi, jangan ubah, jangan diubah",
    "zh": "禁止修改, 不要修改, 请勿修改, 受保护的文件",
    "ja": "変更禁止, 編集禁止, 変更しないで, 編集しないで, 触らないで",
    "ko": "수정 금지, 변경 금지, 수정하지 마, 편집하지 마",
}

# A pattern: what each new thing of a kind looks like, or how it is done well.
TEMPLATE = (
    r"\bwhen(?:ever)? (?:you |we )?(?:add|creat|start|mak)\w* (?:a|an|new|another)\b"
    r"|^\W*(?:how to |steps to )?(?:add|create|creat|write|writ|mak)(?:e|ing)? (?:a|an|new|another|your) \w+"
    r"|\bto (?:add|create|start) (?:a|an|new|another) (?:new )?\w+, (?:create|add|follow)"
)
GOOD = r"^\W*(?:the )?(?:good|right|correct|do)(?: (?:example|structure|layout|way|pattern|approach))?s?\W*$"

# What shows how not to do it: right and wrong names are mixed in it, so it forbids nothing.
WRONG = {
    "en": """bad, wrong, incorrect, anti-pattern, anti-patterns, antipattern, antipatterns, don't, do not,
        don'ts, what not to do, how not to, not like this, instead of, common mistakes, pitfalls""",
    "signs": "❌, 🚫, ⛔, ✗, ✘, 👎",
    "de": "falsch, schlecht, so nicht",
    "fr": "mauvais, mauvaise, incorrect",
    "es": "incorrecto, incorrecta, mal",
    "pt": "errado, errada, incorreto",
    "it": "sbagliato, sbagliata, scorretto",
    "ru": "неправильно, плохо, антипаттерн",
    "pl": "źle, błędnie, antywzorzec",
    "tr": "yanlış, kötü",
    "id": "salah, buruk",
    "zh": "错误, 反模式, 反例, 不推荐",
    "ja": "悪い例, 間違い, アンチパターン, 誤り",
    "ko": "잘못된, 나쁜 예, 안티패턴",
}

PROPOSED = {
    "en": """proposal, proposals, proposed, propose, suggestion, suggested, planned, plan, plans, future,
        in the future, roadmap, idea, ideas, wish list, wishlist, someday, some day, one day, eventually,
        next steps, to be created, to be added, not yet, may become, might, could become, could look,
        could be, would be, would look, would become, if we, we may, we could, we would, we plan,
        coming soon, optional additions, future structure, target structure""",
    "de": "vorschlag, vorgeschlagen, vorgeschlagene, geplant, geplante, zukunft, zukünftig, zukünftige",
    "fr": "proposition, proposé, proposée, prévu, prévue, à venir, futur, future",
    "es": "propuesta, propuesto, planeado, planeada, planificado, planificada, futuro, futura",
    "pt": "proposta, proposto, planejado, planejada, planeado, futuro, futura",
    "it": "proposta, proposto, pianificato, pianificata, previsto, prevista, in futuro, futura",
    "ru": "предложение, предлагаемая, планируется, планируемая, планы, будущее, будущая",
    "pl": "propozycja, proponowana, planowane, planowana, w przyszłości, przyszła",
    "tr": "öneri, önerilen, planlanan, gelecekte, gelecek",
    "id": "usulan, diusulkan, rencana, direncanakan, di masa depan",
    "zh": "建议, 提议, 计划, 未来, 规划, 待实现",
    "ja": "提案, 予定, 計画, 将来, 今後",
    "ko": "제안, 계획, 예정, 향후, 미래",
}

# In the title of a document, which may name a planner or the future of something.
PROPOSED_BY_TITLE = {
    "en": "proposal, proposed, rfc",
    "de": "vorschlag",
    "fr": "proposition",
    "es": "propuesta",
    "pt": "proposta",
    "it": "proposta",
    "ru": "предложение",
    "pl": "propozycja",
    "tr": "öneri",
    "id": "usulan",
    "zh": "提议, 提案",
    "ja": "提案",
    "ko": "제안",
}

EXAMPLE = {
    "en": """example, examples, for example, for instance, e.g, sample, samples, demo, tutorial, suppose,
        imagine, such as, let's say, illustration, hypothetical, mock-up""",
    "signs": "✅, ✔️, ✔, ✓, 👍",
    "de": "beispiel, beispiele, zum beispiel, beispielhaft, richtig",
    "fr": "exemple, exemples, par exemple",
    "es": "ejemplo, ejemplos, por ejemplo",
    "pt": "exemplo, exemplos, por exemplo",
    "it": "esempio, esempi, per esempio, ad esempio",
    "ru": "пример, примеры, например, правильно",
    "pl": "przykład, przykłady, na przykład, przykładowa",
    "tr": "örnek, örnekler, örneğin",
    "id": "contoh, misalnya",
    "zh": "示例, 例子, 例如, 举例, 样例",
    "ja": "例えば, たとえば, サンプル, 例：, 例:, の例, 良い例",
    "ko": "예시, 예를 들어, 예제, 샘플",
}

FORMER = {
    "en": """before, old, legacy, previous, previously, former, formerly, deprecated, obsolete, removed,
        historical, originally, used to be, used to look, used to have, no longer, outdated, superseded,
        discontinued, retired, archived""",
    "de": "vorher, früher, frühere, veraltet, veraltete, bisher",
    "fr": "avant, ancien, ancienne, anciens, obsolète",
    "es": "antes, antiguo, antigua, anterior, obsoleto",
    "pt": "antes, antigo, antiga, anterior, obsoleto",
    "it": "prima, vecchio, vecchia, precedente, obsoleto",
    "ru": "раньше, ранее, старая, старый, до рефакторинга, устарело",
    "pl": "wcześniej, stara, stary, poprzednia, przestarzałe",
    "tr": "önce, önceki, eski",
    "id": "sebelum, sebelumnya, lama, usang",
    "zh": "以前, 旧的, 旧结构, 旧版, 重构前, 之前, 已弃用, 已废弃",
    "ja": "以前, 旧構成, 旧ディレクトリ, 変更前, 廃止",
    "ko": "이전, 변경 전, 기존 구조, 폐기",
}

OUTPUT = {
    "en": """output, outputs, sample output, example output, build output, what a run writes,
        what is written, what is generated, what gets generated, what it writes, generated output, result,
        results, will generate, will create, will produce, will write, will print, creates the following,
        generates the following, produces the following, writes the following, prints the following,
        is written to, are written to, are saved in, is saved in, artifacts, artefacts, you will get,
        you'll get, you should see, you'll see, you should have, is created, are created, gets created,
        get created, will be created, will be generated, will be written""",
    "de": """ausgabe, ausgaben, ergebnis, ergebnisse, wird erzeugt, werden erzeugt, wird erstellt,
        werden erstellt, wird angelegt, werden angelegt, erzeugt folgende, erstellt folgende""",
    "fr": """sortie, sorties, résultat, résultats, sera créé, sera créée, seront créés, seront créées,
        sera généré, sera générée, seront générés, crée la structure, génère la structure""",
    "es": """salida, salidas, resultado, resultados, se creará, se crearán, se generará, se generarán,
        crea la siguiente, genera la siguiente""",
    "pt": """saída, saídas, resultado, resultados, será criado, será criada, serão criados, será gerado,
        será gerada, serão gerados, cria a seguinte, gera a seguinte""",
    "it": "output, risultato, risultati, verrà creata, verrà creato, verranno creati, crea la seguente",
    "ru": """вывод, результат, результаты, будет создан, будет создана, будут созданы, будет создано,
        создаёт следующую, создаст, сгенерирует""",
    "pl": "wynik, wyniki, wyjście, zostanie utworzona, zostaną utworzone, tworzy następującą",
    "tr": "çıktı, çıktılar, sonuç, sonuçlar, oluşturulacak, oluşturur, oluşturulur, oluşacak",
    "id": "keluaran, hasil, luaran, akan dibuat, akan membuat, akan dihasilkan",
    "zh": """输出, 结果, 产物, 生成的文件, 会生成, 将生成, 会创建, 将创建, 生成以下, 创建以下,
        生成如下, 创建如下""",
    "ja": "出力, 結果, 生成物, 生成される, 生成されます, 作成されます, 作成される",
    "ko": "출력, 결과, 산출물, 생긴다, 생깁니다, 생성된다, 생성됩니다, 만들어집니다",
}

ELSEWHERE = {
    "en": """what others do, other projects, other repositories, other repos, alternative, alternatives,
        comparison, compared to, compared with, versus, vs, inspiration, home directory""",
    "de": "vergleich, alternativen, andere projekte",
    "fr": "comparaison, alternatives, autres projets",
    "es": "comparación, alternativas, otros proyectos",
    "pt": "comparação, alternativas, outros projetos",
    "it": "confronto, alternative, altri progetti",
    "ru": "сравнение, альтернативы, другие проекты",
    "pl": "porównanie, alternatywy, inne projekty",
    "tr": "karşılaştırma, alternatifler, diğer projeler",
    "id": "perbandingan, alternatif, proyek lain",
    "zh": "对比, 比较, 替代方案, 其他项目",
    "ja": "比較, 代替案, 他のプロジェクト",
    "ko": "비교, 대안, 다른 프로젝트",
}

# A pattern: where a drawing is, if that is not the repository.
_THE = r"(?:the|a|an|each|every|your|our|this|that) "
_PART = r"(?![-_ ](?:director|folder|module|package|code|config|side|class|component|service|team|app))"
_YOURS = r"your (?:own )?(?:\w+ )?(?:project|repo|repository|app|application|codebase|workspace)"
ANOTHER_PLACE = (
    rf"\b(?:in|inside|within) (?:{_THE})?(?:\w+ )?"
    rf"(?:container|image|bucket|volume|pod|vm|vault|archive|zip)s?\b{_PART}"
    rf"|\bon (?:{_THE})?(?:\w+ )?"
    rf"(?:server|host|machine|device|cluster|vm|instance|sd card|computer|laptop|phone)s?\b{_PART}"
    rf"|\b(?:in|inside|within|to|into) {_YOURS}\b|\bin your home\b"
    rf"|\b{_YOURS}(?:'s)? (?:structure|layout|should|will|may|might|would|looks?)\b"
    r"|\b(?:im|in dem) (?:container|image)\b|\bauf dem (?:server|host|rechner)\b"
    r"|\bdans (?:le conteneur|votre projet)\b|\bsur le serveur\b"
    r"|\ben (?:el contenedor|el servidor|tu proyecto|su proyecto)\b"
    r"|\bno (?:contêiner|container|servidor|seu projeto)\b"
    r"|\bnel (?:container|tuo progetto)\b|\bsul server\b"
    r"|(?:в контейнере|на сервере|в вашем проекте)|\b(?:w kontenerze|na serwerze|w twoim projekcie)\b"
    r"|(?:konteyner içinde|sunucuda|projenizde)|\b(?:di dalam kontainer|di server|di proyek anda)\b"
    r"|容器(?:内|中|里)|服务器上|你的项目|您的项目|コンテナ内|サーバー上|あなたのプロジェクト"
    r"|컨테이너 (?:안|내부)|서버에"
)

# A pattern: what is not in git, because a step fetches it.
FETCHED = (
    r"\bdownload(?:ed|ing|s)?\b|\bunzip(?:ped|ping)?\b|\bextract (?:the|it|them|all)\b"
    r"|\bdata ?(?:set)?s? preparation\b|\bdatasets? (?:structure|layout|format|organi[sz]ation|setup)\b"
    r"|\b(?:prepare|preparing|place|put) (?:the |your |all )?(?:\w+ )?(?:data|datasets?|weights)\b"
    r"|\bafter (?:running|building|training|compiling|installing|executing|generating)\b"
    r"|数据准备|准备数据|下载|数据集|データの準備|データセット|ダウンロード|데이터 준비|데이터셋|다운로드"
    r"|\b(?:herunterladen|télécharger|descargar|baixar|scaricare|скачать|pobierz|unduh)\b"
)

# What says that a drawing is required, below a heading that says otherwise.
REQUIRED = {
    "en": """after, current, currently, actual, now, today, instead, use this, follow this, as follows,
        is organized, is organised, is structured, is laid out""",
    "de": "aktuell, aktuelle, nachher, wie folgt",
    "fr": "actuel, actuelle, après, comme suit",
    "es": "actual, después, como sigue",
    "pt": "atual, depois, da seguinte forma",
    "it": "attuale, dopo, come segue",
    "ru": "текущая, текущее, сейчас, после рефакторинга",
    "pl": "obecna, obecnie, aktualna",
    "tr": "mevcut, şu an, güncel",
    "id": "saat ini, sekarang, sesudah",
    "zh": "当前, 现在, 目前, 重构后",
    "ja": "現在, 変更後",
    "ko": "현재, 변경 후",
}

# Words by which a sentence leads to what stands below it.
LEADING = {
    "en": """this, these, here, below, above, following, follows, will, would, might, could, looks like,
        look like, structure, layout, tree, you get, there""",
    "de": "diese, dieser, dieses, folgende, folgenden, so, hier, struktur",
    "fr": "ceci, ces, suivant, suivante, suivants, ci-dessous, voici, structure, arborescence",
    "es": "esta, este, estos, estas, siguiente, siguientes, así, estructura",
    "pt": "esta, este, estes, estas, seguinte, seguintes, assim, abaixo, estrutura",
    "it": "questo, questa, questi, queste, seguente, seguenti, ecco, struttura",
    "ru": "это, эти, следующая, следующие, ниже, так, вот, структура",
    "pl": "to, te, następująca, następujące, poniżej, tak, struktura",
    "tr": "bu, bunlar, aşağıdaki, şöyle, yapı",
    "id": "ini, berikut, seperti, di bawah, struktur",
    "zh": "如下, 以下, 下面, 这些, 这是, 结构",
    "ja": "以下, 次の, このよう, これら, 構成, 構造",
    "ko": "다음, 아래, 이와, 이러한, 구조",
}

# Words by which a sentence forbids all but what is drawn.
BEYOND = {
    "en": """other, others, another, else, outside, beyond, additional, new, further, anything, any, except,
        unless, without, more""",
    "de": "andere, anderen, weitere, neue, neuen, außerhalb, außer, ohne",
    "fr": "autres, autre, nouveaux, nouvelles, hors, sauf, sans",
    "es": "otros, otras, otro, nuevos, nuevas, fuera, salvo, sin",
    "pt": "outros, outras, outro, novos, novas, fora, exceto, sem",
    "it": "altri, altre, altro, nuovi, nuove, fuori, tranne, senza",
    "ru": "другие, других, новые, новых, вне, кроме, без",
    "pl": "inne, innych, nowe, nowych, poza, oprócz, bez",
    "tr": "başka, diğer, yeni, dışında",
    "id": "lain, lainnya, baru, di luar, selain",
    "zh": "其他, 其它, 新的, 以外, 之外",
    "ja": "他の, 新しい, 以外",
    "ko": "다른, 새로운, 외의, 이외",
}


def any_of(terms: Terms) -> str:
    """A pattern that matches any of the words, none of them within a longer word."""
    words = (word for each in terms.values() for word in " ".join(each.split()).split(", "))
    return "|".join(map(_whole, words))


def _whole(words: str) -> str:
    pattern = re.escape(words)
    if _NO_BLANKS.search(words) or not re.search(r"\w", words):
        return pattern
    return rf"(?<![\w-]){pattern}(?![\w-])"
