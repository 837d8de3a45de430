"""What the patient sees and hears. The only package that imports pygame."""
