"""Newton's step by several ways, as Hessian Lab showed it: python THIS_FILE (needs PyTorch 2.1 or later).

It carries the problem (network, parameters, data, and what chance drew) and what the page showed, computes everything
anew with PyTorch, and compares, iterate by iterate: relative error, cosine similarity, residual and energy error.

Two right programs differ by rounding, and some numbers magnify rounding: errors on an ill-conditioned matrix, CG's later
iterates on their way down, and everything from CG's first direction of negative curvature on, where what rounding left
grows without end. So the script computes everything several times, each time with every product's last digit moved at
random, and sees how far the numbers move by that alone. Where they hold still it asks for agreement to 1e-9 (in float32,
whose own digits end at 6e-8, to 1e-6). Where they don't it asks for agreement as far as they do, and says how far that
is. From the first iterate on that has met negative curvature, or that rounding alone decides, it compares no further.

python THIS_FILE --at-scale computes the steps once more with curvlinops (pip install curvlinops-for-pytorch), whose
products loop over batches, on a GPU if there is one.
"""

import json
import sys

import torch
from torch.func import functional_call, grad, jacrev, jvp, vjp

PROBLEM = json.loads(r"""__PROBLEM__""")

LAYERS, LOSS, MU, LAMBDA = (PROBLEM[key] for key in ("layers", "loss", "weight_decay", "damping"))
CURVATURE, K, SHOWN = (PROBLEM[key] for key in ("curvature", "iterations", "shown"))
ACTIVATIONS = {
    "sigmoid": torch.nn.Sigmoid,
    "tanh": torch.nn.Tanh,
    "relu": torch.nn.ReLU,
    "softplus": torch.nn.Softplus,
    "identity": torch.nn.Identity,
}
DTYPE = {"f64": torch.float64, "f32": torch.float32}[PROBLEM["precision"]]
EPSILON = torch.finfo(torch.float64).eps
# The page forms and decomposes the matrix up to this many parameters; beyond, it knows no exact solution.
LARGEST_FORMED = 1200
MEASURES = ("relative_error", "cosine_similarity", "residual", "energy_error")
torch.set_num_threads(1)  # these matrices are small

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
FORMED = P <= LARGEST_FORMED


def normalizer(samples):
    """R of loss = R * (sum over data): what MSELoss and CrossEntropyLoss divide by."""
    return 1 / (samples * C) if LOSS == "mse" else 1 / samples


def outputs(theta, x):
    parameters = {name: part.view(shape) for name, part, shape in zip(names, theta.split(sizes), shapes)}
    return functional_call(model, parameters, (x,))


def data_loss(f, y, R):
    criterion = torch.nn.functional.mse_loss if LOSS == "mse" else torch.nn.functional.cross_entropy
    return criterion(f, y, reduction="sum") * R


def gradient_at(theta, x, y):
    return grad(lambda t: data_loss(outputs(t, x), y, normalizer(len(x))) + 0.5 * MU * t @ t)(theta)


gradient = gradient_at(theta, x, y)
# Drawn problems have a right-hand side that float32 can hold: both precisions then solve the same system. Of a given
# problem, a float32 run computes its own gradient.
b = gradient.float().double() if PROBLEM["drawn"] else gradient
b_run = b.to(DTYPE)
if DTYPE == torch.float32 and not PROBLEM["drawn"]:
    b_run = gradient_at(theta.float(), x.float(), y.float() if LOSS == "mse" else y)


# ---------------------------------------------------------------- rounding, moved


class Rounding:
    """Moves every number it is given by a unit or so of its last digit; the first of them, by nothing."""

    def __init__(self, seed):
        self.generator = torch.Generator().manual_seed(seed) if seed else None

    def __call__(self, numbers):
        if self.generator is None:
            return numbers
        signs = torch.rand(numbers.shape, generator=self.generator, dtype=torch.float64) * 4 - 2
        return numbers * (1 + torch.finfo(numbers.dtype).eps * signs).to(numbers.dtype)

    def matrix(self, matrix):
        """A symmetric matrix, moved by what rounding leaves in all of its entries: a unit of its largest."""
        if self.generator is None:
            return matrix
        moved = torch.randn(matrix.shape, generator=self.generator, dtype=torch.float64)
        return matrix + EPSILON * matrix.abs().max() * (moved + moved.T) / 2


# ---------------------------------------------------------------- products with A = curvature + lambda I


def output_hessian(f, v, R):
    """(Hessian of R * the loss by the outputs) v, one datum a row."""
    if LOSS == "mse":
        return 2 * R * v
    p = f.softmax(1)
    return R * (p * v - p * (p * v).sum(1, keepdim=True))


def output_gradients(f, y):
    """The gradients of each datum's loss (without R) by its outputs that a Fisher matrix is made of: N x draws x C."""
    if CURVATURE == "fisher_mc":  # at targets drawn from the model
        return torch.tensor(PROBLEM["fisher_gradients"], dtype=f.dtype)
    if LOSS == "mse":
        return 2 * (f - y)[:, None, :]
    return (f.softmax(1) - torch.nn.functional.one_hot(y, C))[:, None, :]


# All of the data's, in float64; batches and float32 take theirs from here.
FISHER_GRADIENTS = output_gradients(outputs(theta, x), y) if CURVATURE.startswith("fisher") else None


def make_product(dtype, rounding, batch=None):
    """v -> A v in this precision, without ever forming A; of a batch, with its own mean."""
    chosen = slice(None) if batch is None else batch
    t, xd, yd = theta.to(dtype), x[chosen].to(dtype), y[chosen]
    yd = yd.to(dtype) if LOSS == "mse" else yd
    R = normalizer(len(xd))
    f, pull_back = vjp(lambda t: outputs(t, xd), t)
    drawn = None if FISHER_GRADIENTS is None else FISHER_GRADIENTS[chosen].to(dtype)

    def product(v):
        if CURVATURE == "hessian":
            curved = jvp(grad(lambda u: data_loss(outputs(u, xd), yd, R)), (t,), (v,))[1]
        else:
            Jv = jvp(lambda t: outputs(t, xd), (t,), (v,))[1]
            if CURVATURE == "ggn":
                MJv = output_hessian(f, Jv, R)
            else:
                MJv = R / drawn.shape[1] * torch.einsum("nsc,nsd,nd->nc", drawn, drawn, Jv)
            curved = pull_back(MJv)[0]
        return rounding(curved + MU * v + LAMBDA * v)

    return product


# ---------------------------------------------------------------- iterations, as the page's core has them


def conjugate_gradient(product, b, start, precondition=lambda r: r):
    """Yields (iterate, whether a direction had curvature <= 0); ends where nothing more can be gained."""
    from_b = start == "right_hand_side"
    solution = b.clone() if from_b else torch.zeros_like(b)
    residual = b - product(b) if from_b else b.clone()
    direction = precondition(residual)
    weight, negative = residual @ direction, False
    yield solution, negative
    while residual.norm() > torch.finfo(b.dtype).eps * b.norm() and weight != 0:
        Ap = product(direction)
        curvature = direction @ Ap
        negative = negative or bool(curvature <= 0)
        if curvature == 0:
            return
        alpha = weight / curvature
        solution = solution + alpha * direction
        residual = residual - alpha * Ap
        steepest = precondition(residual)
        weight, before = residual @ steepest, weight
        direction = steepest + (weight / before) * direction
        yield solution, negative


def minres(product, b):
    """Paige and Saunders 1975: the Lanczos recurrence and one Givens rotation a step."""
    eps, size = torch.finfo(b.dtype).eps, b.norm()
    zero = torch.zeros_like(b)
    solution, previous, basis, directions = zero, zero, b / size if size > 0 else zero, (zero, zero)
    beside, remainder, norm_A = b.new_zeros(()), size, b.new_zeros(())
    (c_old, s_old), (c, s) = (b.new_ones(()), b.new_zeros(())), (b.new_ones(()), b.new_zeros(()))
    yield solution, False
    while remainder.abs() > (norm_A * solution.norm() + size) * eps:
        following = product(basis) - beside * previous
        diagonal = basis @ following
        following = following - diagonal * basis
        past, beside = beside, following.norm()
        following = following / beside if beside > 0 else following
        far, near = s_old * past, c * c_old * past + s * diagonal
        pivot = c * diagonal - s * c_old * past
        norm = torch.hypot(pivot, beside)
        if norm == 0:
            return
        (c_old, s_old), (c, s) = (c, s), (pivot / norm, beside / norm)
        length = c * remainder
        norm_A = torch.maximum(norm_A, torch.hypot(torch.hypot(diagonal, beside), past))
        direction = (basis - near * directions[1] - far * directions[0]) / norm
        before, solution = solution, solution + length * direction
        # So long a step may bring more rounding than it gains: it is taken if it lessens the residual.
        if c.abs() * (norm_A * direction.norm()) ** 2 * eps > 100:
            if (b - product(solution)).norm() >= (b - product(before)).norm():
                return
        previous, basis, directions = basis, following, (directions[1], direction)
        remainder = -s * remainder
        yield solution, False


def neumann(product, b, scale):
    """x_k = (1/s) * sum_{j <= k} (I - A/s)^j b: note the division by s of the whole sum."""
    step = b.new_tensor(1 / scale)
    solution = b * step
    yield solution, False
    while (residual := b - product(solution)).norm() > torch.finfo(b.dtype).eps * b.norm():
        solution = solution + residual * step
        yield solution, False


def lissa(rounding, b, scale, batches):
    """The Neumann series over batches, the mean of repeats; `batches` are the page's draws, repeat by repeat."""
    step = b.new_tensor(1 / scale)
    repeats = [b * step for _ in batches]
    yield sum(repeats) / len(repeats), False
    for k in range(K):
        for r, drawn in enumerate(batches):
            product = make_product(b.dtype, rounding, torch.tensor(drawn[k]))
            repeats[r] = repeats[r] + (b - product(repeats[r])) * step
        yield sum(repeats) / len(repeats), False


# ---------------------------------------------------------------- solutions in one go


def solve_symmetric(A, b):
    """By eigenvectors; where A is singular, the minimum-norm solution."""
    eigenvalues, Q = torch.linalg.eigh(A)
    kept = eigenvalues.abs() > len(b) * EPSILON * eigenvalues.abs().max()
    return Q[:, kept] @ ((Q[:, kept].T @ b) / eigenvalues[kept])


def kronecker_factors():
    """For each layer its inputs, its type-2 (that is, the Gauss-Newton matrix's) backpropagated signals, and A and B."""
    layer_inputs, pre_activations, a = [], [], x
    for module in model:
        if isinstance(module, torch.nn.Linear):
            layer_inputs.append(torch.cat([a, torch.ones(N, 1, dtype=a.dtype)], 1).detach())
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
    signals = [torch.stack(column) for column in zip(*columns)]  # a layer: C x N x out
    R = normalizer(N)
    return [
        (inputs, g, inputs.T @ inputs / N, R * torch.einsum("cni,cnj->ij", g, g))
        for inputs, g in zip(layer_inputs, signals)
    ]


def kronecker_inverse(rounding, corrected=False):
    """KFAC's (pseudo-)inverse with exact damping, EKFAC's where `corrected`: a function of r in r's precision."""
    damping, R, layers = MU + LAMBDA, normalizer(N), []
    for inputs, g, A, B in kronecker_factors():
        (la, qa), (lb, qb) = torch.linalg.eigh(rounding.matrix(A)), torch.linalg.eigh(rounding.matrix(B))
        values = lb.clamp(min=0)[:, None] * la.clamp(min=0)[None, :]
        if corrected:
            values = R * torch.einsum("cni,nj->ij", (g @ qb) ** 2, (inputs @ qa) ** 2)
        layers.append((qb, values + damping, qa))
    largest = max(values.abs().max() for _, values, _ in layers)
    zero = P * EPSILON * largest
    layers = [(qb, torch.where(v.abs() > zero, 1 / v, torch.zeros_like(v)), qa) for qb, v, qa in layers]

    def apply(r):
        result, position = [], 0
        for layer in layers:
            qb, inverse, qa = (part.to(r.dtype) for part in layer)
            out, width = inverse.shape[0], inverse.shape[1] - 1
            W = r[position : position + out * width].view(out, width)
            bias = r[position + out * width : position + out * (width + 1)]
            V = qb @ (inverse * (qb.T @ torch.cat([W, bias[:, None]], 1) @ qa)) @ qa.T
            result += [V[:, :width].reshape(-1), V[:, width]]
            position += out * (width + 1)
        return torch.cat(result)

    return apply


def gauss_newton():
    f, R = outputs(theta, x), normalizer(N)
    J = jacrev(lambda t: outputs(t, x))(theta)  # N x C x P
    MJ = torch.vmap(lambda v: output_hessian(f, v, R), 2, 2)(J)
    return torch.einsum("ncp,ncq->pq", J, MJ) + MU * torch.eye(P).double()


def layer_blocks(matrix):
    blocks, position = torch.zeros_like(matrix), 0
    for width_in, width_out in zip(LAYERS, LAYERS[1:]):
        part = slice(position, position + width_out * (width_in + 1))
        blocks[part, part] = matrix[part, part]
        position = part.stop
    return blocks


# ---------------------------------------------------------------- everything that was shown, once


class Run:
    """All that the page showed, computed with one way of rounding."""

    def __init__(self, seed):
        self.rounding = Rounding(seed)
        self.product = make_product(torch.float64, Rounding(0))
        self.A, self.x_star, self.definite = None, None, False
        if FORMED:
            A = torch.stack([self.product(e) for e in torch.eye(P, dtype=torch.float64)])
            self.A = self.rounding.matrix((A + A.T) / 2)
            self.x_star = solve_symmetric(self.A, b)
            eigenvalues = torch.linalg.eigvalsh(self.A)
            self.definite = bool(eigenvalues[0] > P * EPSILON * eigenvalues.abs().max())
        self.curves, self.negative = {}, {}
        for name in SHOWN:
            iterates = []
            for k, (solution, negative) in enumerate(self.iterates(name)):
                if not solution.isfinite().all() or k > K:
                    break
                iterates.append(self.measure(solution.double()))
                if negative:
                    self.negative.setdefault(name, k)
            # A run that ended early holds its last iterate.
            length = len(SHOWN[name]["residual"])
            self.curves[name] = iterates + iterates[-1:] * (length - len(iterates))

    def iterates(self, name):
        if name in ("exact", "kfac", "ekfac", "block_diagonal", "diagonal"):
            return [(self.direct(name), False)]
        product, scale = make_product(DTYPE, self.rounding), SHOWN[name].get("scale")
        if name == "minres":
            return minres(product, b_run)
        if name == "neumann":
            return neumann(product, b_run, scale)
        if name == "lissa":
            return lissa(self.rounding, b_run, scale, PROBLEM["batches"])
        inverse = {
            "cg": lambda: lambda r: r,
            "cg_kfac": lambda: kronecker_inverse(self.rounding),
            "cg_ekfac": lambda: kronecker_inverse(self.rounding, corrected=True),
        }[name]()
        return conjugate_gradient(product, b_run, PROBLEM["start"], inverse)

    def direct(self, name):
        if name == "exact":
            return self.x_star if FORMED else torch.zeros_like(b)
        if name in ("kfac", "ekfac"):
            return kronecker_inverse(self.rounding, corrected=name == "ekfac")(b)
        G = gauss_newton()
        if name == "diagonal":
            diagonal = G.diagonal() + LAMBDA
            kept = diagonal > P * EPSILON * diagonal.abs().max()
            return torch.where(kept, b / diagonal, torch.zeros_like(b))
        return solve_symmetric(self.rounding.matrix(layer_blocks(G)) + LAMBDA * torch.eye(P).double(), b)

    def measure(self, solution):
        """As the page measures every iterate, in float64; None where there is no number."""
        apply = self.product if self.A is None else lambda v: self.A @ v
        found = {"residual": ratio((b - apply(solution)).norm(), b.norm())}
        if self.x_star is None:
            return found
        error = solution - self.x_star
        found["relative_error"] = ratio(error.norm(), self.x_star.norm())
        found["cosine_similarity"] = ratio(solution @ self.x_star, solution.norm() * self.x_star.norm())
        if self.definite:
            energy = lambda v: (v @ apply(v)).clamp(min=0).sqrt()
            found["energy_error"] = ratio(energy(error), energy(self.x_star))
        return found


def ratio(numerator, denominator):
    return float(numerator / denominator) if denominator > 0 and (numerator / denominator).isfinite() else None


# ---------------------------------------------------------------- the comparison

# How far the numbers may be apart: this, and as many times as far as rounding alone moved them in the runs below.
DIRECT = ("exact", "kfac", "ekfac", "block_diagonal", "diagonal")
SLACK, ROUNDINGS = 20, 4
# Where rounding moves a number by more than this, it tells nothing any more.
TELLING = 1e-2


def compare(name, run, others):
    """What was found, in words, and whether it is allowed."""
    tolerance = 1e-9 if name in DIRECT or DTYPE == torch.float64 else 1e-6
    found = [
        [difference(name, run, others, measure, k) for measure in MEASURES] for k in range(len(SHOWN[name]["residual"]))
    ]
    apart, moves, wrong, ends = 0.0, 0.0, None, ""
    for k, differences in enumerate(found):
        # Rounding grows on the way, in one run an iterate earlier than in another.
        moved = max(by_rounding for before in found[: k + 2] for _, by_rounding in before)
        if k >= run.negative.get(name, K + 1) or moved > TELLING:
            why = "has met negative curvature" if k >= run.negative.get(name, K + 1) else "is rounding's alone"
            ends = f"; compared before iterate {k}, which {why}"
            break
        apart, moves = max(apart, *(between for between, _ in differences)), moved
        if wrong is None and apart > tolerance + SLACK * moved:
            wrong = k
    word = f"agrees to {apart:.0e}" if wrong is None else f"DIFFERS by {apart:.0e}, from iterate {wrong} on"
    rounding = f", where rounding alone moves it by {moves:.0e}" if SLACK * moves > tolerance else ""
    return word + rounding + ends, wrong is None


def difference(name, run, others, measure, k):
    """Between a number shown and ours, and among ours by rounding; relative where they are large."""
    value, ours, *twins = (SHOWN[name][measure][k], *(one.curves[name][k].get(measure) for one in (run, *others)))
    if value is None and ours is None:
        return 0.0, 0.0
    if value is None or ours is None:
        # Whether a matrix that is singular to rounding is positive definite, rounding decides.
        return (0.0 if measure == "energy_error" else float("inf")), 0.0
    size = max(abs(value), 1.0)
    moved = [float("inf") if twin is None else abs(twin - ours) / size for twin in twins]
    return abs(value - ours) / size, max(moved)


def main():
    run, *others = [Run(seed) for seed in range(ROUNDINGS + 1)]
    print(f"{P} parameters, {N} data, {CURVATURE}, {PROBLEM['precision']}, iterate {K}")
    if FORMED:
        eigenvalues = torch.linalg.eigvalsh(run.A - LAMBDA * torch.eye(P).double())
        print(f"eigenvalues from {eigenvalues[0]:.6f} to {eigenvalues[-1]:.6f}, before damping by {LAMBDA:g}")
    columns = ("relative_error", "cosine_similarity", "residual")
    print(f"{'method':15}" + "".join(f"{column:>20}" for column in columns))
    agrees = True
    for name in SHOWN:
        number = lambda value: f"{'-':>20}" if value is None else f"{value:20.9e}"
        print(f"{name:15}" + "".join(number(run.curves[name][-1].get(column)) for column in columns))
        print(f"{'  shown':15}" + "".join(number(SHOWN[name][column][-1]) for column in columns))
        words, allowed = compare(name, run, others)
        print(f"  {words}")
        agrees = agrees and allowed
    print("agrees with what was shown" if agrees else "DIFFERS from what was shown")
    return agrees


# ---------------------------------------------------------------- the same at a million parameters
#
# Nothing above forms a matrix but for the comparison. With curvlinops the same products loop over batches:


def at_scale(model, loss_func, params, data):
    """`data` iterates over batches (X, y); loss_func is torch.nn.MSELoss() or torch.nn.CrossEntropyLoss().

    Returns ways to a step, each a linear operator: step = operator @ gradient.
    """
    from curvlinops import (
        CGInverseLinearOperator,
        EKFACLinearOperator,
        GGNLinearOperator,
        KFACInverseLinearOperator,
        KFACLinearOperator,
        NeumannInverseLinearOperator,
    )
    from curvlinops.examples import IdentityLinearOperator

    device, dtype = params[0].device, params[0].dtype
    # curvlinops knows no weight decay: mu joins the damping.
    damping = MU + LAMBDA
    # CG asks for a positive definite matrix: the Gauss-Newton matrix, damped. HessianLinearOperator,
    # FisherMCLinearOperator and EFLinearOperator (the empirical Fisher matrix) take the same arguments.
    ggn = GGNLinearOperator(model, loss_func, params, data)
    damped = ggn + damping * IdentityLinearOperator([p.shape for p in params], device, dtype)
    # Their scale multiplies the matrix: it is 1/s. s above half of the largest eigenvalue, here of a bound on it.
    kronecker = dict(fisher_type="type-2", separate_weight_and_bias=False)
    kfac = KFACLinearOperator(model, loss_func, params, data, **kronecker)
    ekfac = EKFACLinearOperator(model, loss_func, params, data, **kronecker)
    return {
        "cg": CGInverseLinearOperator(damped, max_iter=K, max_tridiag_iter=0, tolerance=0.0),
        "neumann": NeumannInverseLinearOperator(damped, num_terms=K, scale=1 / largest_eigenvalue(damped, params)),
        "kfac": KFACInverseLinearOperator(kfac, damping=damping, use_exact_damping=True),
        "ekfac": KFACInverseLinearOperator(ekfac, damping=damping, use_exact_damping=True),
    }


def largest_eigenvalue(operator, params, steps=50):
    """By the power method."""
    v = torch.ones(sum(p.numel() for p in params), dtype=params[0].dtype, device=params[0].device)
    for _ in range(steps):
        v = operator @ (v / v.norm())
    return float(v.norm())


def show_at_scale():
    if MU + LAMBDA == 0 or CURVATURE != "ggn":
        print("curvlinops' CG and KFAC want the Gauss-Newton matrix and some damping: these steps are for that system")
    loss_func = torch.nn.MSELoss() if LOSS == "mse" else torch.nn.CrossEntropyLoss()
    steps = at_scale(model, loss_func, list(model.parameters()), [(x, y)])
    exact = solve_symmetric(gauss_newton() + LAMBDA * torch.eye(P).double(), b)
    ours = {"kfac": kronecker_inverse(Rounding(0)), "ekfac": kronecker_inverse(Rounding(0), corrected=True)}
    for name, inverse in steps.items():
        step = inverse @ b
        cosine = ratio(step @ exact, step.norm() * exact.norm())
        error = ratio((step - exact).norm(), exact.norm())
        same = f", {float((step - ours[name](b)).norm() / step.norm()):.0e} from the step above" if name in ours else ""
        print(f"curvlinops {name:8} cosine {cosine:.9f}, relative error {error:.3e}{same}")


if __name__ == "__main__":
    if "--at-scale" in sys.argv:
        show_at_scale()
    else:
        raise SystemExit(0 if main() else 1)
