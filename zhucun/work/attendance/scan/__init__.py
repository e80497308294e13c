"""Reading the paper back: a scan or photo of printed pages becomes marks, each with its confidence and its reasons; pure."""
