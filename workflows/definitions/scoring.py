"""What a task is worth by its definition: by its criteria, or by the citizens' rating alone. Asked of by rules, and of what they enter."""

from __future__ import annotations

from domain.errors import Refusal
from domain.lifecycle.criteria import Weighed, weigh
from domain.lifecycle.inputs import Asked
from domain.lifecycle.model import Definition
from domain.roles import Role
from domain.task.moving import Evaluate
from domain.task.state import Task

_NOTHING = Weighed("0", ())


class NotAsWeighed(Refusal):
    """The criteria are the definition's, and so is what they come to."""

    ko = "과제 {task}의 평가 점수({given}점)가 정의 {definition}의 평가항목으로 산정한 점수({score}점)와 다릅니다. 규칙이 다시 산정하도록 두거나 평가항목 없이 직접 평가하십시오."
    en = "The score given to task {task} ({given}) is not what the criteria of the definition {definition} come to ({score}). Leave it to the rule, or evaluate by hand without criteria."


def evaluate_by_rule(number: str, task: Task, by: Definition) -> Evaluate:
    """What the rule enters of the task as it stands. Where its score cannot be told, that is said when it is entered."""
    try:
        score, criteria = weigh_task(number, task, by)
    except Refusal:
        score, criteria = _NOTHING
    return Evaluate(task=number, score=score, grade=by.grade(score), criteria=criteria)


def weigh_task(number: str, task: Task, by: Definition) -> Weighed:
    """Raises ScoreNotTold."""
    if not by.criteria:
        assert task.rating is not None, "the rule waits for it"
        return Weighed(task.rating.score, ())
    assert task.rated_on is not None, "the rule waits for it"
    # criteria ask about the task and its steps alone
    asked = Asked(number, task, "system", task.rated_on, lambda _: None)
    return weigh(by.criteria, by.vocabulary_of_criteria, by.rounding, asked)


def check_score(role: Role, command: Evaluate, task: Task, by: Definition) -> None:
    """Refuse what is said to be by the criteria and is not; a person's own judgement says nothing of them.

    Raises ScoreNotTold, NotAsWeighed.
    """
    if not command.criteria and (role != "system" or not by.criteria):
        return
    weighed = weigh_task(command.task, task, by) if task.rating is not None else _NOTHING
    if (command.score, command.criteria) != weighed:
        raise NotAsWeighed(
            task=command.task, given=command.score, definition=by.identity, score=weighed.score
        )
