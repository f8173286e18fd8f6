"""Times PyTorch in float64 the notebook's way: every product by a second backward pass, the Hessian by torch.autograd."""

import json
import statistics
import sys
import time

import torch

torch.set_default_dtype(torch.float64)


def median_ms(work):
    work()
    samples = []
    started = time.perf_counter()
    while len(samples) < 3 or (len(samples) < 50 and time.perf_counter() - started < 2):
        start = time.perf_counter()
        work()
        samples.append(1000 * (time.perf_counter() - start))
    return statistics.median(samples)


def problem(layers, samples):
    torch.manual_seed(1)
    shapes = [shape for i, o in zip(layers, layers[1:]) for shape in ((o, i), (o,))]
    theta = torch.cat([torch.rand(shape).flatten() - 0.5 for shape in shapes])
    x, y = torch.randn(samples, layers[0]), torch.randn(samples, layers[-1])

    def loss(theta):
        parts = iter(torch.split(theta, [torch.Size(shape).numel() for shape in shapes]))
        a = x
        for k, (i, o) in enumerate(zip(layers, layers[1:])):
            a = a @ next(parts).view(o, i).T + next(parts)
            a = torch.sigmoid(a) if k < len(layers) - 2 else a
        return torch.mean((a - y) ** 2)

    return loss, theta


def times(layers, samples):
    loss, theta = problem(layers, samples)

    def gradient():
        point = theta.clone().requires_grad_()
        return torch.autograd.grad(loss(point), point)[0]

    def product(v):
        point = theta.clone().requires_grad_()
        (g,) = torch.autograd.grad(loss(point), point, create_graph=True)
        return torch.autograd.grad(g @ v, point)[0]

    def hessian():
        return torch.autograd.functional.hessian(loss, theta)

    def cg(b):
        x, r, p = torch.zeros_like(b), b, b
        for _ in range(40):
            ap = product(p)
            alpha = (r @ r) / (p @ ap)
            x, new = x + alpha * p, r - alpha * ap
            p, r = new + (new @ new) / (r @ r) * p, new
        return x

    def neumann(b):
        x = b / 4.5
        for _ in range(40):
            x = x + (b - product(x)) / 4.5
        return x

    def experiment():
        g, h = gradient(), hessian()
        return torch.linalg.solve(h, g), torch.linalg.eigvalsh(h), cg(g), neumann(g)

    matrix, vector = hessian(), gradient()
    tasks = {
        "gradient": gradient,
        "product": lambda: product(vector),
        "hessian": hessian,
        "eigenvalues": lambda: torch.linalg.eigvalsh(matrix),
        "eigenvectors": lambda: torch.linalg.eigh(matrix),
        "experiment": experiment,
    }
    return {name: median_ms(work) for name, work in tasks.items()}


sizes = json.loads(sys.argv[1])
print(json.dumps({name: times(size["layers"], size["samples"]) for name, size in sizes.items()}))
