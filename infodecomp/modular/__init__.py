"""Addition modulo p learned by a small network: training, Fourier analysis, ablation, information."""
