"""Reviews of what was sent: blind answers, seven questions, comments, and what is published."""
