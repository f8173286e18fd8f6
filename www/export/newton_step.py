"""Newton's step by several ways, as Hessian Lab showed it: python THIS_FILE (needs PyTorch 2 or later).

It carries the problem (network, parameters, data) and what the page showed, computes everything anew with PyTorch, and
compares. In float64 the two agree to 1e-9, but for CG's later iterates: it magnifies rounding on its way down, and from
the first direction of negative curvature on without end, so that two right programs part there. In float32 they part a
little from the start.
"""

import json

import torch
from torch.func import functional_call, hessian, jacrev, jvp, vjp

PROBLEM = json.loads(r"""__PROBLEM__""")

LAYERS, LOSS, MU, LAMBDA = (PROBLEM[key] for key in ("layers", "loss", "weight_decay", "damping"))
CURVATURE, K, SCALE = (PROBLEM[key] for key in ("curvature", "iterations", "scale"))
ACTIVATIONS = {
    "sigmoid": torch.nn.Sigmoid,
    "tanh": torch.nn.Tanh,
    "relu": torch.nn.ReLU,
    "softplus": torch.nn.Softplus,
    "identity": torch.nn.Identity,
}
# What rounding may leave between this script and the page.
TOLERANCE, TOLERANCE_CG = (1e-9, 1e-6) if PROBLEM["precision"] == "f64" else (1e-3, 1e-3)
DTYPE = {"f64": torch.float64, "f32": torch.float32}[PROBLEM["precision"]]

# ---------------------------------------------------------------- the problem

modules = []
for width_in, width_out in zip(LAYERS, LAYERS[1:]):
    modules += [torch.nn.Linear(width_in, width_out), ACTIVATIONS[PROBLEM["activation"]]()]
model = torch.nn.Sequential(*modules[:-1]).double()  # the last layer is linear
theta = torch.tensor(PROBLEM["theta"], dtype=torch.float64)
torch.nn.utils.vector_to_parameters(theta, model.parameters())
names = [name for name, _ in model.named_parameters()]
shapes = [parameter.shape for parameter in model.parameters()]
sizes = [parameter.numel() for parameter in model.parameters()]
x = torch.tensor(PROBLEM["inputs"], dtype=torch.float64)
y = torch.tensor(PROBLEM["targets"], dtype=torch.float64 if LOSS == "mse" else torch.long)
if LOSS == "mse":
    y = y.reshape(len(x), -1)
N, C, P = len(x), LAYERS[-1], len(theta)
R = 1 / (N * C) if LOSS == "mse" else 1 / N  # loss = R * (sum over data)


def outputs(theta, x):
    parameters = {name: part.view(shape) for name, part, shape in zip(names, theta.split(sizes), shapes)}
    return functional_call(model, parameters, (x,))


def data_loss(f, y):
    criterion = torch.nn.functional.mse_loss if LOSS == "mse" else torch.nn.functional.cross_entropy
    return criterion(f, y, reduction="sum") * R


def objective(theta, x=x, y=y):
    return data_loss(outputs(theta, x), y) + 0.5 * MU * theta @ theta


def gradient_of(theta, x, y):
    return torch.func.grad(lambda t: objective(t, x, y))(theta)


gradient = gradient_of(theta, x, y)
# Drawn problems have a right-hand side that float32 can hold: both precisions then solve the same system.
b = gradient.float().double() if PROBLEM["drawn"] else gradient


# ---------------------------------------------------------------- products with A = curvature + lambda I


def output_hessian(f, v):
    """(Hessian of R * the loss by the outputs) v, one datum a row."""
    if LOSS == "mse":
        return 2 * R * v
    p = f.softmax(1)
    return R * (p * v - p * (p * v).sum(1, keepdim=True))


def sample_gradients(theta, x, y):
    """The gradient of each datum's own loss (without R), one a row."""
    one = lambda t, xn, yn: data_loss(outputs(t, xn[None]), yn[None]) / R
    return torch.vmap(torch.func.grad(one), (None, 0, 0))(theta, x, y)


def make_product(dtype):
    """v -> A v in this precision, without ever forming A."""
    t, xd = theta.to(dtype), x.to(dtype)
    yd = y.to(dtype) if LOSS == "mse" else y
    model.to(dtype)
    f, pull_back = vjp(lambda t: outputs(t, xd), t)
    rows = sample_gradients(t, xd, yd) if CURVATURE == "fisher_empirical" else None

    def product(v):
        if CURVATURE == "hessian":
            curved = jvp(lambda t: torch.func.grad(lambda u: data_loss(outputs(u, xd), yd))(t), (t,), (v,))[1]
        elif CURVATURE == "ggn":
            curved = pull_back(output_hessian(f, jvp(lambda t: outputs(t, xd), (t,), (v,))[1]))[0]
        else:
            curved = R * (rows.T @ (rows @ v))
        return curved + (MU + LAMBDA) * v

    return product


# ---------------------------------------------------------------- ways to the inverse


def exact(A, b):
    """By eigenvectors; where A is singular, the minimum-norm solution."""
    eigenvalues, Q = torch.linalg.eigh(A)
    kept = eigenvalues.abs() > len(b) * torch.finfo(torch.float64).eps * eigenvalues.abs().max()
    return Q[:, kept] @ ((Q[:, kept].T @ b) / eigenvalues[kept])


def conjugate_gradient(product, b, start, solve_preconditioner=lambda r: r):
    """Yields (iterate, whether its direction had curvature <= 0)."""
    solution = b.clone() if start == "right_hand_side" else torch.zeros_like(b)
    residual = b - product(solution) if start == "right_hand_side" else b.clone()
    z = solve_preconditioner(residual)
    direction, rho, negative = z.clone(), residual @ z, False
    yield solution, negative
    for _ in range(K):
        if residual.norm() <= torch.finfo(b.dtype).eps * b.norm():
            yield solution, negative
            continue
        Ap = product(direction)
        curvature = direction @ Ap
        negative = negative or bool(curvature <= 0)
        alpha = rho / curvature
        solution = solution + alpha * direction
        residual = residual - alpha * Ap
        z = solve_preconditioner(residual)
        rho, before = residual @ z, rho
        direction = z + (rho / before) * direction
        yield solution, negative


def neumann(product, b):
    """x_k = (1/s) * sum_{j <= k} (I - A/s)^j b: note the division by s of the whole sum."""
    first = b / SCALE
    solution = first
    yield solution, False
    for _ in range(K):
        solution = first + solution - product(solution) / SCALE
        yield solution, False


def kronecker_factors():
    """For each layer, A of its inputs and B of its outputs, and what they are made of (type-2, that is, of the GGN)."""
    linears = [module for module in model if isinstance(module, torch.nn.Linear)]
    activations, pre_activations, a = [], [], x
    for module in model:
        if isinstance(module, torch.nn.Linear):
            activations.append(torch.cat([a, torch.ones(N, 1, dtype=a.dtype)], 1).detach())
        a = module(a)
        if isinstance(module, torch.nn.Linear):
            pre_activations.append(a)
    p = a.softmax(1).detach()
    # Columns of a square root of the loss's Hessian by the outputs: diag(sqrt p) - p sqrt(p)^T for softmax.
    roots = 2**0.5 * torch.eye(C).double().expand(N, C, C)
    if LOSS != "mse":
        roots = torch.diag_embed(p.sqrt()) - p[:, :, None] * p.sqrt()[:, None, :]
    columns = [
        torch.autograd.grad((a * roots[:, :, c]).sum(), pre_activations, retain_graph=True) for c in range(C)
    ]
    layers = []
    for index in range(len(linears)):
        g = torch.stack([column[index] for column in columns])  # C x N x out
        layers.append((activations[index].T @ activations[index] / N, R * torch.einsum("cni,cnj->ij", g, g), g))
    return activations, layers


def kronecker(b, damping, corrected=False):
    """KFAC's solution with exact damping; EKFAC's where `corrected`."""
    activations, layers = kronecker_factors()
    spectra = [(torch.linalg.eigh(A), torch.linalg.eigh(B)) for A, B, _ in layers]
    values = []
    for a, (_, _, g), ((la, qa), (lb, qb)) in zip(activations, layers, spectra):
        if corrected:
            values.append(R * torch.einsum("cni,nj->ij", (g @ qb) ** 2, (a @ qa) ** 2))
        else:
            values.append(lb[:, None] * la[None, :])
    largest = max((value + damping).abs().max() for value in values)
    result, position = [], 0
    for value, ((_, qa), (_, qb)) in zip(values, spectra):
        out, width = value.shape[0], value.shape[1] - 1
        W = b[position : position + out * width].view(out, width)
        bias = b[position + out * width : position + out * (width + 1)]
        V = qb.T @ torch.cat([W, bias[:, None]], 1) @ qa
        damped = value + damping
        kept = damped.abs() > P * torch.finfo(torch.float64).eps * largest
        V = qb @ torch.where(kept, V / damped, torch.zeros_like(V)) @ qa.T
        result += [V[:, :width].reshape(-1), V[:, width]]
        position += out * (width + 1)
    return torch.cat(result)


def gauss_newton():
    J = jacrev(lambda t: outputs(t, x))(theta)  # N x C x P
    f = outputs(theta, x)
    HJ = torch.stack([output_hessian(f, J[:, :, p]) for p in range(P)], 2)
    return torch.einsum("ncp,ncq->pq", J, HJ)


def layer_blocks(matrix):
    blocks, position = torch.zeros_like(matrix), 0
    for width_in, width_out in zip(LAYERS, LAYERS[1:]):
        part = slice(position, position + width_out * (width_in + 1))
        blocks[part, part] = matrix[part, part]
        position = part.stop
    return blocks


# ---------------------------------------------------------------- the comparison


def main():
    # float64 throughout, but for the iterations, which run in the page's precision.
    product = make_product(torch.float64)
    A = torch.stack([product(e) for e in torch.eye(P, dtype=torch.float64)])
    A = (A + A.T) / 2
    x_star = exact(A, b)
    damping = MU + LAMBDA
    direct = {
        "exact": lambda: x_star,
        "kfac": lambda: kronecker(b, damping),
        "ekfac": lambda: kronecker(b, damping, corrected=True),
        "block_diagonal": lambda: exact(layer_blocks(gauss_newton()) + damping * torch.eye(P).double(), b),
        "diagonal": lambda: exact((gauss_newton().diagonal() + damping).diag(), b),
    }
    shown = PROBLEM["shown"]
    results = {name: [(solve(), False)] for name, solve in direct.items() if name in shown}

    preconditioners = {
        "cg": lambda r: r,
        "cg_kfac": lambda r: kronecker(r.double(), damping).to(r.dtype),
        "cg_ekfac": lambda r: kronecker(r.double(), damping, corrected=True).to(r.dtype),
    }
    model.double()
    narrow_b = b.to(DTYPE)
    for name, solve in preconditioners.items():
        if name in shown:
            # The preconditioner is made in float64, and asks for the model in it.
            if DTYPE == torch.float64 or name == "cg":
                results[name] = list(conjugate_gradient(make_product(DTYPE), narrow_b, PROBLEM["start"], solve))
    if "neumann" in shown:
        results["neumann"] = list(neumann(make_product(DTYPE), narrow_b))

    print(f"{P} parameters, {N} data, {PROBLEM['precision']}; lambda max = {torch.linalg.eigvalsh(A)[-1]:.6f}")
    print(f"{'method':15} {'relative error':>16} {'shown':>16} {'largest difference':>20}")
    worst = 0.0
    for name, iterates in results.items():
        errors = [float((step.double() - x_star).norm() / x_star.norm()) for step, _ in iterates]
        page, note = shown[name], ""
        # CG magnifies rounding on its way down (and with negative curvature without end): two right programs agree on
        # its first iterates, and again where it has converged.
        compared = range(len(errors)) if not name.startswith("cg") else range(min(7, len(errors)))
        differences = [0.0]
        for k in compared:
            if iterates[k][1]:
                note = f"  before iteration {k}, where curvature is first negative"
                break
            if page[k] is not None:
                differences.append(abs(errors[k] - page[k]) / max(page[k], 1.0))
        if name.startswith("cg") and not note:
            note = f"  up to iteration {compared[-1]}"
        worst = max(worst, max(differences) / (TOLERANCE_CG if name.startswith("cg") else TOLERANCE))
        last = "-" if page[-1] is None else f"{page[-1]:.9e}"
        print(f"{name:15} {errors[-1]:16.9e} {last:>16} {max(differences):20.1e}{note}")
    print("agrees with what was shown" if worst <= 1 else f"DIFFERS: {worst:.1e} times what rounding explains")
    return worst <= 1


# ---------------------------------------------------------------- the same at a million parameters
#
# Nothing above forms a matrix but for the comparison. With curvlinops (pip install curvlinops-for-pytorch) the same
# products loop over batches, on a GPU if there is one:


def at_scale(model, loss_func, params, data):
    """`data` iterates over batches (X, y); loss_func is torch.nn.MSELoss() or torch.nn.CrossEntropyLoss()."""
    from curvlinops import (
        CGInverseLinearOperator,
        GGNLinearOperator,
        KFACInverseLinearOperator,
        KFACLinearOperator,
        NeumannInverseLinearOperator,
    )
    from curvlinops.examples import IdentityLinearOperator

    device, dtype = params[0].device, params[0].dtype
    # CG asks for a positive definite matrix: take the Gauss-Newton matrix, damped, in the Hessian's place.
    ggn = GGNLinearOperator(model, loss_func, params, data)
    damped = ggn + LAMBDA * IdentityLinearOperator([p.shape for p in params], device, dtype)
    by_cg = CGInverseLinearOperator(damped, max_iter=K, max_tridiag_iter=K)
    # Their scale multiplies the matrix: it is 1/s.
    by_neumann = NeumannInverseLinearOperator(damped, num_terms=K, scale=1 / SCALE)
    factors = KFACLinearOperator(
        model, loss_func, params, data, fisher_type="type-2", separate_weight_and_bias=False
    )
    by_kfac = KFACInverseLinearOperator(factors, damping=LAMBDA, use_exact_damping=True)
    return by_cg, by_neumann, by_kfac  # each times the gradient is a step: by_cg @ gradient


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
