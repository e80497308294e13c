"""Pages: one module per subject (名录 制度 日历 账号 职责 留痕 运行状况)."""
