"""What happens without anybody's word: each process manager reads rows of views and answers with commands by rule.

`reacting` says what a process manager is, `steps` in which order they act: `spans`, `years`, `requesting`, `counting`, `transitions`,
`reminders`. Nothing of these appends: `workers/sweeping.py` gives their commands. `readdressing` is asked by who sends.
"""
