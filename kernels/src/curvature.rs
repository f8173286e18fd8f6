//! Curvature matrices of layered networks, put together from layer blocks by matrix products over the data.

use crate::panels::{Four, Panels, tile};

/// Data whose contributions are summed by one product; a larger set is taken part by part, so that memory stays bounded.
const CHUNK: usize = 256;

/// One layer of a network at its data: W̄ is `outputs` × (`inputs` + 1), the bias last; every matrix has one column a datum.
#[derive(Clone, Copy, Debug)]
pub struct Layer<'a> {
    /// The widths, without the bias.
    pub inputs: usize,
    /// The pre-activations.
    pub outputs: usize,
    /// W̄.
    pub weights: &'a [f64],
    /// ā, the bias's 1 last.
    pub activations: &'a [f64],
    /// ∂ℓ/∂s.
    pub signals: &'a [f64],
    /// φ′(s) of a hidden layer; empty of the last.
    pub slopes: &'a [f64],
    /// φ″(s) of a hidden layer; empty of the last, and where second derivatives are left out.
    pub bends: &'a [f64],
}

/// A network at its data.
#[derive(Clone, Copy, Debug)]
pub struct Network<'a> {
    /// Its layers, the first first.
    pub layers: &'a [Layer<'a>],
    /// ∂²ℓₙ/∂f² of each datum, C × C each.
    pub output_curvature: &'a [f64],
    /// N.
    pub samples: usize,
    /// Whether the network's own second derivatives count: the Hessian with them, a Gauss-Newton matrix without.
    pub second_order: bool,
}

/// Adds a network's curvature to a P × P matrix in θ order: for each layer the weights, row by row, then the biases.
///
/// With D_j = ∂²ℓ/∂s_j², M_ji = ∂s_j/∂s_i and T_ji = ∂a_{j−1}/∂s_i, the block of layers j ≥ i is
/// Σₙ ((D_j M_ji)_ac ā_{j−1,b} + g_{j,a} T_{ji,bc}) ā_{i−1,d} at (W̄_j,ab, W̄_i,cd): second-order stagewise
/// backpropagation (Mizutani and Dreyfus 2008, <https://doi.org/10.1016/j.neunet.2007.12.038>, section 3). Either term is a
/// product of pairs, (a, c) with (b, d) and (b, c) with (a, d), summed over the data; a diagonal block's first is symmetric in
/// either pair, so that a quarter of it is computed.
pub fn add_curvature(network: &Network, matrix: &mut [f64]) {
    let starts = starts(network.layers);
    let size = starts[network.layers.len()];
    Assembly::new(network).run(&mut |assembly| {
        for i in 0..network.layers.len() {
            for j in i..network.layers.len() {
                let mut block = Block {
                    matrix,
                    size,
                    row: starts[j],
                    column: starts[i],
                    rows: network.layers[j],
                    columns: network.layers[i],
                };
                assembly.add_block(&mut block, j, i);
            }
        }
    });
    mirror(matrix, size);
}

/// Adds one layer's diagonal block to a matrix of that layer's parameters.
pub fn add_layer_curvature(network: &Network, layer: usize, matrix: &mut [f64]) {
    let shape = network.layers[layer];
    let size = (shape.inputs + 1) * shape.outputs;
    Assembly::new(network).run(&mut |assembly| {
        let mut block = Block { matrix, size, row: 0, column: 0, rows: shape, columns: shape };
        assembly.add_block(&mut block, layer, layer);
    });
    mirror(matrix, size);
}

/// Each layer's first parameter in θ, and P.
fn starts(layers: &[Layer]) -> Vec<usize> {
    let mut starts = vec![0];
    for layer in layers {
        starts.push(starts[starts.len() - 1] + (layer.inputs + 1) * layer.outputs);
    }
    starts
}

/// Copies the lower triangle to the upper, square by square, so that both sides stay in the nearest cache.
fn mirror(matrix: &mut [f64], size: usize) {
    const SIDE: usize = 16;
    for first_column in (0..size).step_by(SIDE) {
        for first_row in (first_column..size).step_by(SIDE) {
            for column in first_column..size.min(first_column + SIDE) {
                for row in first_row.max(column + 1)..size.min(first_row + SIDE) {
                    matrix[row * size + column] = matrix[column * size + row];
                }
            }
        }
    }
}

/// What the data of one chunk contribute, four of them abreast.
struct Assembly<'a> {
    network: &'a Network<'a>,
    /// W without its biases, of every layer but the first: a group holds four inputs, a column an output.
    by_inputs: Vec<Panels>,
    /// The same the other way round, of every layer between the first and the last.
    by_outputs: Vec<Panels>,
    /// The first datum of the chunk.
    first: usize,
    /// How many fours of data the chunk holds.
    fours: usize,
    /// φ′ of every hidden layer.
    slopes: Vec<Vec<Four>>,
    /// D_j M_ji of every j ≥ i, at j (j + 1)/2 + i: outputs of j × outputs of i for each four data.
    carried: Vec<Vec<Four>>,
    /// T_ji of every j > i, likewise: outputs of i × inputs of j; of j = i + 1 only where a later one follows from it.
    through: Vec<Vec<Four>>,
}

impl<'a> Assembly<'a> {
    fn new(network: &'a Network<'a>) -> Self {
        let count = network.layers.len();
        let blocks = count * (count + 1) / 2;
        Self {
            by_inputs: network.layers[1..].iter().map(by_inputs).collect(),
            by_outputs: network.layers[1..].iter().take(count.saturating_sub(2)).map(by_outputs).collect(),
            network,
            first: 0,
            fours: 0,
            slopes: Vec::new(),
            carried: vec![Vec::new(); blocks],
            through: vec![Vec::new(); blocks],
        }
    }

    /// Goes through the data chunk by chunk.
    fn run(mut self, add: &mut dyn FnMut(&Self)) {
        for first in (0..self.network.samples).step_by(CHUNK) {
            self.first = first;
            self.fours = (self.network.samples - first).min(CHUNK).div_ceil(4);
            self.carry();
            add(&self);
        }
    }

    /// The derivatives of the chunk, backwards through the layers.
    fn carry(&mut self) {
        let layers = self.network.layers;
        let last = layers.len() - 1;
        let outputs = layers[last].outputs;
        self.slopes = layers[..last].iter().map(|layer| self.abreast(layer.slopes, layer.outputs)).collect();
        self.carried[place(last, last)] = self.abreast(self.network.output_curvature, outputs * outputs);
        (1..=last).rev().for_each(|j| self.carry_through(j));
        if self.network.second_order {
            (0..last.saturating_sub(1)).for_each(|i| self.carry_inputs(i));
        }
    }

    /// D_j M_ji for all i < j, and D_{j−1} = φ′ W_jᵀ D_j W_j φ′ + diag(φ″ ∘ W_jᵀ g_j).
    fn carry_through(&mut self, j: usize) {
        for i in (0..j).rev() {
            self.carried[place(j, i)] =
                self.multiply(&self.carried[place(j, i + 1)], &self.by_inputs[i], &self.slopes[i]);
        }
        let turned = self.transposed(&self.carried[place(j, j - 1)], self.network.layers[j - 1].outputs);
        let mut curvature = self.multiply(&turned, &self.by_inputs[j - 1], &self.slopes[j - 1]);
        self.add_bends(j, &mut curvature);
        self.carried[place(j - 1, j - 1)] = curvature;
    }

    /// Adds φ″ ∘ W_jᵀ g_j to the diagonal of D_{j−1}.
    fn add_bends(&self, j: usize, curvature: &mut [Four]) {
        if !self.network.second_order {
            return;
        }
        let (layer, before) = (&self.network.layers[j], &self.network.layers[j - 1]);
        let (signals, bends) = (self.abreast(layer.signals, layer.outputs), self.abreast(before.bends, before.outputs));
        let bent = self.multiply(&signals, &self.by_inputs[j - 1], &bends);
        for (entry, bent) in diagonals(curvature, before.outputs).zip(bent) {
            (0..4).for_each(|lane| entry[lane] += bent[lane]);
        }
    }

    /// T_ji of all j > i: T_ji = φ′_{j−1} W_{j−1} T_{j−1,i}, from T_{i+1,i} = φ′_i.
    fn carry_inputs(&mut self, i: usize) {
        let outputs = self.network.layers[i].outputs;
        let mut through = vec![[0.0; 4]; self.fours * outputs * outputs];
        diagonals(&mut through, outputs).zip(&self.slopes[i]).for_each(|(entry, slope)| *entry = *slope);
        self.through[place(i + 1, i)] = through;
        for j in i + 2..self.network.layers.len() {
            self.through[place(j, i)] =
                self.multiply(&self.through[place(j - 1, i)], &self.by_outputs[j - 2], &self.slopes[j - 1]);
        }
    }

    /// The chunk's columns of a matrix of so many rows, four by four abreast, with zeros past the last.
    fn abreast(&self, matrix: &[f64], rows: usize) -> Vec<Four> {
        let mut fours = vec![[0.0; 4]; self.fours * rows];
        let columns = matrix.chunks_exact(rows).skip(self.first).take(4 * self.fours);
        for (datum, column) in columns.enumerate() {
            let target = &mut fours[datum / 4 * rows..];
            target.iter_mut().zip(column).for_each(|(four, &entry)| four[datum % 4] = entry);
        }
        fours
    }

    /// The products of every four data's matrices, row by row, with W, their columns scaled.
    fn multiply(&self, matrices: &[Four], weights: &Panels, scales: &[Four]) -> Vec<Four> {
        let (depth, width) = (weights.group(0).len(), scales.len() / self.fours);
        let mut product = Vec::with_capacity(matrices.len() / depth * width);
        let matrices = matrices.chunks_exact(matrices.len() / self.fours);
        for (matrix, scales) in matrices.zip(scales.chunks_exact(width)) {
            for row in matrix.chunks_exact(depth) {
                for (group, scales) in scales.chunks(4).enumerate() {
                    let sums = tile(weights.group(group), row);
                    let scaled = |(sum, scale): (&Four, &Four)| [0, 1, 2, 3].map(|lane| sum[lane] * scale[lane]);
                    product.extend(sums.iter().zip(scales).map(scaled));
                }
            }
        }
        product
    }

    fn transposed(&self, matrices: &[Four], columns: usize) -> Vec<Four> {
        let mut transposed = Vec::with_capacity(matrices.len());
        for matrix in matrices.chunks_exact(matrices.len() / self.fours) {
            for column in 0..columns {
                transposed.extend((0..matrix.len() / columns).map(|row| matrix[row * columns + column]));
            }
        }
        transposed
    }

    fn add_block(&self, block: &mut Block, j: usize, i: usize) {
        let (rows, columns) = (block.rows, block.columns);
        let curvatures = &self.carried[place(j, i)];
        if i == j {
            let (outer, inner) = (triangle(rows.outputs), triangle(rows.inputs + 1));
            let left = packed(curvatures, (rows.outputs, rows.outputs), &outer, self.fours);
            let right =
                self.products(rows.activations, rows.inputs + 1, columns.activations, columns.inputs + 1, &inner);
            return block.add(&left, &outer, &right, &inner, Block::add_symmetric);
        }
        let outer = rectangle(rows.outputs, columns.outputs);
        let inner = rectangle(rows.inputs + 1, columns.inputs + 1);
        let left = packed(curvatures, (rows.outputs, columns.outputs), &outer, self.fours);
        let right = self.products(rows.activations, rows.inputs + 1, columns.activations, columns.inputs + 1, &inner);
        block.add(&left, &outer, &right, &inner, Block::add_outer);
        if self.network.second_order {
            self.add_inputs_part(block, j, i);
        }
    }

    /// g_{j,a} T_{ji,bc} ā_{i−1,d}.
    fn add_inputs_part(&self, block: &mut Block, j: usize, i: usize) {
        let (rows, columns) = (block.rows, block.columns);
        let (left, outer) = if j == i + 1 {
            let outer: Vec<_> = (0..columns.outputs).map(|c| (c, c)).collect();
            let diagonal: Vec<_> = (0..columns.outputs).map(|c| (c, 0)).collect();
            (packed(&self.slopes[i], (columns.outputs, 1), &diagonal, self.fours), outer)
        } else {
            let outer: Vec<_> = (0..columns.outputs).flat_map(|c| (0..rows.inputs).map(move |b| (c, b))).collect();
            let left = packed(&self.through[place(j, i)], (columns.outputs, rows.inputs), &outer, self.fours);
            (left, outer.into_iter().map(|(c, b)| (b, c)).collect())
        };
        let inner = rectangle(rows.outputs, columns.inputs + 1);
        let right = self.products(rows.signals, rows.outputs, columns.activations, columns.inputs + 1, &inner);
        block.add(&left, &outer, &right, &inner, Block::add_inner);
    }

    /// `first`_x `second`_y of every datum of the chunk for the pairs (x, y): one row a pair, one column a datum.
    fn products(
        &self,
        first: &[f64],
        first_rows: usize,
        second: &[f64],
        second_rows: usize,
        pairs: &[(usize, usize)],
    ) -> Panels {
        let mut panels = Panels::zeros(pairs.len(), 4 * self.fours);
        let (first, second) = (&first[self.first * first_rows..], &second[self.first * second_rows..]);
        for (group, pairs) in pairs.chunks(4).enumerate() {
            // Of a last group that is not full, the rows that are left over repeat one that counts.
            let four = [0, 1, 2, 3].map(|lane| pairs[lane.min(pairs.len() - 1)]);
            let data = first.chunks_exact(first_rows).zip(second.chunks_exact(second_rows));
            for (products, (x, y)) in panels.group_mut(group).iter_mut().zip(data) {
                *products = four.map(|(i, j)| x[i] * y[j]);
            }
        }
        panels
    }
}

/// All (a, c) with c ≤ a.
fn triangle(count: usize) -> Vec<(usize, usize)> {
    let mut pairs = Vec::with_capacity(count * (count + 1) / 2);
    (1..=count).for_each(|few| pairs.extend((0..few).map(|c| (few - 1, c))));
    pairs
}

/// All (a, c) of so many a and c.
fn rectangle(many: usize, few: usize) -> Vec<(usize, usize)> {
    let mut pairs = Vec::with_capacity(many * few);
    (0..many).for_each(|a| pairs.extend((0..few).map(|c| (a, c))));
    pairs
}

/// The place of the block (j, i), j ≥ i.
fn place(j: usize, i: usize) -> usize {
    j * (j + 1) / 2 + i
}

fn by_inputs(layer: &Layer) -> Panels {
    let mut panels = Panels::zeros(layer.inputs, layer.outputs);
    for (input, column) in layer.weights.chunks_exact(layer.outputs).take(layer.inputs).enumerate() {
        panels.set_row(input, column);
    }
    panels
}

fn by_outputs(layer: &Layer) -> Panels {
    let mut panels = Panels::zeros(layer.outputs, layer.inputs);
    for (input, column) in layer.weights.chunks_exact(layer.outputs).take(layer.inputs).enumerate() {
        panels.set_column(input, column);
    }
    panels
}

/// The diagonals of square matrices of `size` rows that follow each other.
fn diagonals(matrices: &mut [Four], size: usize) -> impl Iterator<Item = &mut Four> {
    matrices.chunks_exact_mut(size * size).flat_map(move |matrix| matrix.iter_mut().step_by(size + 1))
}

/// The entries at `pairs` of every datum's rows × columns matrix: one row a pair, one column a datum.
fn packed(matrices: &[Four], (rows, columns): (usize, usize), pairs: &[(usize, usize)], fours: usize) -> Panels {
    let mut panels = Panels::zeros(pairs.len(), 4 * fours);
    let size = rows * columns;
    for (four, matrix) in matrices.chunks_exact(size).enumerate() {
        for (group, pairs) in pairs.chunks(4).enumerate() {
            let mut square = [[0.0; 4]; 4];
            for (place, &(row, column)) in pairs.iter().enumerate() {
                let entries = matrix[row * columns + column];
                (0..4).for_each(|lane| square[lane][place] = entries[lane]);
            }
            panels.group_mut(group)[4 * four..4 * four + 4].copy_from_slice(&square);
        }
    }
    panels
}

/// A block of a matrix, its rows a layer's parameters and its columns an earlier one's, or the same one's.
struct Block<'a> {
    matrix: &'a mut [f64],
    size: usize,
    row: usize,
    column: usize,
    rows: Layer<'a>,
    columns: Layer<'a>,
}

/// Adds a sum that belongs to two pairs.
type AddPairs<'a> = fn(&mut Block<'a>, (usize, usize), (usize, usize), f64);

impl<'a> Block<'a> {
    /// Adds Σₙ left_p right_q of all pairs p of `outer` and q of `inner`.
    fn add(
        &mut self,
        left: &Panels,
        outer: &[(usize, usize)],
        right: &Panels,
        inner: &[(usize, usize)],
        add: AddPairs<'a>,
    ) {
        for (p, outer) in outer.chunks(4).enumerate() {
            for (q, inner) in inner.chunks(4).enumerate() {
                let sums = tile(left.group(p), right.group(q));
                for (&outer, sums) in outer.iter().zip(&sums) {
                    inner.iter().zip(sums).for_each(|(&inner, &sum)| add(self, outer, inner, sum));
                }
            }
        }
    }

    /// Of a diagonal block: (a, c) and (b, d) also stand for (c, a) and (d, b).
    fn add_symmetric(&mut self, (a, c): (usize, usize), (b, d): (usize, usize), sum: f64) {
        self.add_lower((a, b), (c, d), sum);
        if a != c && b != d {
            self.add_lower((a, d), (c, b), sum);
        }
    }

    fn add_lower(&mut self, (a, b): (usize, usize), (c, d): (usize, usize), sum: f64) {
        let (row, column) = (position(&self.rows, a, b), position(&self.columns, c, d));
        self.matrix[(self.column + row.min(column)) * self.size + self.row + row.max(column)] += sum;
    }

    /// (a, c) with (b, d).
    fn add_outer(&mut self, (a, c): (usize, usize), (b, d): (usize, usize), sum: f64) {
        let (row, column) = (position(&self.rows, a, b), position(&self.columns, c, d));
        self.matrix[(self.column + column) * self.size + self.row + row] += sum;
    }

    /// (b, c) with (a, d).
    fn add_inner(&mut self, (b, c): (usize, usize), (a, d): (usize, usize), sum: f64) {
        self.add_outer((a, c), (b, d), sum);
    }
}

/// The place within a layer's part of θ of W̄'s entry (`output`, `input`).
fn position(layer: &Layer, output: usize, input: usize) -> usize {
    if input < layer.inputs { output * layer.inputs + input } else { layer.outputs * layer.inputs + output }
}
