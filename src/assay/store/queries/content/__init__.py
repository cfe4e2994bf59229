"""What is asked of posts: who may read them, who has, and who signed up."""
