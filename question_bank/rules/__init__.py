"""The rules of item writing, by theme; `question_bank.lint` is how they are asked."""
