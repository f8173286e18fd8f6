"""Times JAX, jitted on the CPU in float64: gradient, product, Hessian, eigenvalues and the whole experiment."""

import json
import statistics
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree

jax.config.update("jax_enable_x64", True)


def median_ms(work):
    jax.block_until_ready(work())
    jax.block_until_ready(work())
    samples = []
    started = time.perf_counter()
    while len(samples) < 15 or (len(samples) < 200 and time.perf_counter() - started < 1):
        start = time.perf_counter()
        jax.block_until_ready(work())
        samples.append(1000 * (time.perf_counter() - start))
        if time.perf_counter() - started > 6:
            break
    return statistics.median(samples)


def problem(layers, samples):
    rng = np.random.default_rng(1)
    parameters = [
        (jnp.asarray(rng.uniform(-1, 1, (o, i)) / i**0.5), jnp.asarray(rng.uniform(-1, 1, o) / i**0.5))
        for i, o in zip(layers, layers[1:])
    ]
    theta, unravel = ravel_pytree(parameters)
    x = jnp.asarray(rng.normal(size=(samples, layers[0])))
    y = jnp.asarray(rng.normal(size=(samples, layers[-1])))

    def loss(theta):
        a = x
        *hidden, (w, b) = unravel(theta)
        for weight, bias in hidden:
            a = jax.nn.sigmoid(a @ weight.T + bias)
        return jnp.mean((a @ w.T + b - y) ** 2)

    return loss, theta


def cg(product, b):
    def step(_, state):
        x, r, p, weight = state
        ap = product(p)
        alpha = weight / (p @ ap)
        x, r = x + alpha * p, r - alpha * ap
        new = r @ r
        return x, r, r + new / weight * p, new

    return jax.lax.fori_loop(0, 40, step, (jnp.zeros_like(b), b, b, b @ b))[0]


def times(layers, samples):
    loss, theta = problem(layers, samples)
    gradient = jax.grad(loss)
    product = lambda v: jax.jvp(gradient, (theta,), (v,))[1]

    def experiment(theta):
        g, h = gradient(theta), jax.hessian(loss)(theta)
        neumann = jax.lax.fori_loop(0, 40, lambda _, x: x + (g - product(x)) / 4.5, g / 4.5)
        return jnp.linalg.solve(h, g), jnp.linalg.eigvalsh(h), cg(product, g), neumann

    hessian = jax.jit(jax.hessian(loss))
    matrix, vector = hessian(theta), gradient(theta)
    tasks = {
        "gradient": (jax.jit(gradient), theta),
        "product": (jax.jit(product), vector),
        "hessian": (hessian, theta),
        "eigenvalues": (jax.jit(jnp.linalg.eigvalsh), matrix),
        "eigenvectors": (jax.jit(jnp.linalg.eigh), matrix),
        "experiment": (jax.jit(experiment), theta),
    }
    return {name: median_ms(lambda: work(argument)) for name, (work, argument) in tasks.items()}


sizes = json.loads(sys.argv[1])
print(json.dumps({name: times(size["layers"], size["samples"]) for name, size in sizes.items()}))
