"""待办提醒: what waits for whom, and until when; always derived from the records, never counted as read or unread."""
