"""Misspelled words in names: frequent misspellings, and words that are nearly spelled like others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from functools import cache

SHORTEST = 7  # a typing error in a shorter word often results in another word

# Frequent misspellings that are not words of another language, each with the right spelling.
_FREQUENT = """
acheive>achieve aplication>application appliction>application applicaton>application
archictecture>architecture arguement>argument arugment>argument assited>assisted
attatchment>attachment authenication>authentication authetication>authentication
autentication>authentication avaliable>available availabe>available behavoir>behavior
buisness>business bussines>business bussiness>business calulate>calculate catagory>category
charachter>character coalese>coalesce communcation>communication comparision>comparison
compatability>compatibility compatiblity>compatibility compnent>component componet>component
concurency>concurrency conection>connection configration>configuration contoller>controller
continous>continuous coverter>converter credentails>credentials dasboard>dashboard
dashbaord>dashboard databse>database defatult>default defualt>default definiton>definition
depedency>dependency dependancy>dependency dependecy>dependency dependbot>dependabot
deprected>deprecated desciption>description descripton>description direcotry>directory
documenation>documentation docuement>document donwload>download dowload>download
encyrption>encryption enviorment>environment enviroment>environment excpetion>exception
exeption>exception facotory>factory facotry>factory fatcory>factory forbiden>forbidden
fucntion>function funciton>function handeler>handler hanlder>handler heirarchy>hierarchy
hierachy>hierarchy histroy>history idenity>identity indentity>identity impelment>implement
implemenation>implementation implmentation>implementation infomation>information
infastructure>infrastructure infrastucture>infrastructure initalize>initialize
intialize>initialize instace>instance integraton>integration integtration>integration
intergration>integration interupt>interrupt invetory>inventory langauge>language
liscense>license maintainance>maintenance maintenence>maintenance managment>management
messsage>message middelware>middleware middlware>middleware mulitple>multiple
nagivation>navigation neccessary>necessary nigthly>nightly notifcation>notification
occurance>occurrence occurence>occurrence paramater>parameter
paramter>parameter passowrd>password pasword>password peformance>performance
perfomance>performance perferences>preferences permision>permission permssion>permission
premission>permission pipline>pipeline placholder>placeholder platfrom>platform
poduction>production priviledge>privilege proccess>process propogate>propagate
propogation>propagation recieve>receive refernce>reference registeration>registration
repositry>repository repostory>repository respository>repository reqeust>request
requirment>requirement resouce>resource retreive>retrieve santize>sanitize
secruity>security seperate>separate seperator>separator seperation>separation
servcie>service shedule>schedule stategy>strategy startegy>strategy
statment>statement strcture>structure straigth>straight subcription>subscription
subsription>subscription succesful>successful supress>suppress syncronize>synchronize
syncronous>synchronous tempalte>template temporay>temporary
threshhold>threshold tranform>transform trasnform>transform transfered>transferred
trasaction>transaction typsecript>typescript unkown>unknown
validaton>validation varaible>variable varible>variable verfication>verification
verison>version visiblity>visibility wrokflow>workflow
"""

# Words that a typing error in another word results in.
_WORDS = """
adopter adopters complied contact contacts contest contests funcall funcion handles marital matches
parametrization parametrize parametrized parting planed planing professors reserve signing singing
staring tracing trailed trailing
"""


@cache
def frequent() -> Mapping[str, str]:
    """Frequent misspellings, with the right spelling. They occur within words, too."""
    pairs = (pair.partition(">") for pair in _FREQUENT.split())
    return {wrong: right for wrong, _, right in pairs}


@cache
def _words() -> frozenset[str]:
    return frozenset(_WORDS.split())


def misspellings(right: str, known: Set[str]) -> Iterator[str]:
    """The words in `known` that one typing error in another word results in.

    A typing error is a missing, doubled or swapped letter. Hardly any word has such a misspelling, so the
    errors are computed without their exceptions first, which takes a fraction of the time.
    """
    if known.isdisjoint(_typing_errors(right)):
        return iter(())
    return (wrong for wrong in _likely_errors(right) if wrong in known)


def _typing_errors(right: str) -> set[str]:
    """The results of any typing error in a word."""
    pairs = range(len(right) - 1)
    results = {
        *[right[:at] + right[at + 1 :] for at in pairs],
        *[right[:at] + right[at + 1] + right[at] + right[at + 2 :] for at in pairs],
        *[right[:at] + right[at - 1 :] for at in range(1, len(right))],
    }
    results.discard(right)  # two equal letters, swapped
    return results


def _likely_errors(right: str) -> Iterator[str]:
    """The results of a typing error, without those that can be right spellings or other words."""
    for at in range(1, len(right) - 1):
        if not (_is_optional(right, at) or (right[at] == "r" and right[-1] == "s")):  # `handlers`, `handles`
            yield right[:at] + right[at + 1 :]
    for at in range(len(right) - 1):
        if right[at] != right[at + 1]:
            yield right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    for at in range(1, len(right)):
        if right[at - 1] not in "ls":  # `labeled` and `labelled` are both right
            yield right[:at] + right[at - 1] + right[at:]


def _is_optional(word: str, at: int) -> bool:
    """Whether a word can be spelled without a letter: `labelled`, `behaviour`, `judgement`."""
    pairs = {word[at - 1 : at + 1], word[at : at + 2]}
    return not pairs.isdisjoint(["ll", "ss"]) or word[at - 1 : at + 2] in ("our", "gem")


def is_word(text: str) -> bool:
    """Whether a word that is nearly spelled like another is one itself, or too short to tell."""
    return len(text) < SHORTEST or text in _words()
