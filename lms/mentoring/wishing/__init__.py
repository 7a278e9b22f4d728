"""Short quizzes that mentors want for single fellows, where there is too little to say."""
