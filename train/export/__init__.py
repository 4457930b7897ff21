"""Fitted networks -> exported/<model>/: ONNX, head, calibration, patterns."""
