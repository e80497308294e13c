"""The pages of 导入导出."""
