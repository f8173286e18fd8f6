//! The decomposition's theorems, over known, graded, clustered, singular and generated matrices.

mod common;

use common::Stream;
use hessian_lab_kernels::{Decomposition, symmetric_product};

impl Stream {
    /// Q Λ Qᵀ with Q a product of three random reflections.
    fn with_eigenvalues(&mut self, eigenvalues: &[f64]) -> Vec<f64> {
        let size = eigenvalues.len();
        let mut matrix = vec![0.0; size * size];
        (0..size).for_each(|i| matrix[i * size + i] = eigenvalues[i]);
        for _ in 0..3 {
            let v = self.vector(size);
            let factor = 2.0 / dot(&v, &v);
            let w: Vec<f64> = symmetric_product(&matrix, size, &v).iter().map(|x| x * factor).collect();
            let turn = 0.5 * factor * dot(&w, &v);
            let w: Vec<f64> = w.iter().zip(&v).map(|(w, v)| w - turn * v).collect();
            (0..size * size).for_each(|at| {
                let (row, column) = (at % size, at / size);
                matrix[at] -= v[row] * w[column] + w[row] * v[column];
            });
        }
        matrix
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm(numbers: &[f64]) -> f64 {
    dot(numbers, numbers).sqrt()
}

fn unit_columns(size: usize) -> Vec<f64> {
    (0..size * size).map(|at| if at % size == at / size { 1.0 } else { 0.0 }).collect()
}

/// Sizes on both sides of every change of method, tile and panel.
const SIZES: [usize; 14] = [1, 2, 3, 4, 5, 8, 17, 32, 63, 64, 65, 66, 97, 131];

/// Every kind of spectrum, by name.
fn spectra(size: usize) -> [(&'static str, Vec<f64>); 7] {
    let of = |eigenvalue: fn(usize, usize) -> f64| (0..size).map(|i| eigenvalue(i, size)).collect();
    [
        ("even", of(|i, _| i as f64 - 3.0)),
        ("clustered", of(|i, _| (i % 3) as f64 + 1e-9 * i as f64)),
        ("singular", of(|i, size| if 3 * i < size { 1.0 + i as f64 } else { 0.0 })),
        ("graded", of(|i, _| 10.0_f64.powi(-(i as i32 % 16)))),
        ("one", of(|_, _| 1.0)),
        ("huge", of(|i, _| 1e150 * (i as f64 - 2.0))),
        ("minute", of(|i, _| 1e-170 * (i as f64 - 2.0))),
    ]
}

/// A V = V Λ, Vᵀ V = I, and the eigenvalues ascend.
fn assert_decomposed(matrix: &[f64], size: usize, what: &str) -> Decomposition {
    let decomposition = Decomposition::new(matrix, size);
    let vectors = decomposition.vectors(&unit_columns(size));
    let largest = matrix.iter().fold(0.0_f64, |most, x| most.max(x.abs())).max(f64::MIN_POSITIVE);
    // Scaled by the largest entry first, as the square of what is huge is not a number.
    let scaled: Vec<f64> = matrix.iter().map(|x| x / largest).collect();
    let mut residual = symmetric_product(&scaled, size, &vectors);
    for (i, &eigenvalue) in decomposition.eigenvalues.iter().enumerate() {
        (0..size).for_each(|k| residual[i * size + k] -= vectors[i * size + k] * (eigenvalue / largest));
    }
    let rounding = 4.0 * size as f64 * f64::EPSILON;
    assert!(norm(&residual) <= rounding * norm(&scaled), "{what}: {:e}", norm(&residual));
    for i in 0..size {
        for j in 0..=i {
            let product = dot(&vectors[i * size..(i + 1) * size], &vectors[j * size..(j + 1) * size]);
            let expected = if i == j { 1.0 } else { 0.0 };
            assert!((product - expected).abs() <= rounding, "{what}: {i} {j} {product:e}");
        }
    }
    assert!(decomposition.eigenvalues.windows(2).all(|pair| pair[0] <= pair[1]), "{what}");
    decomposition
}

#[test]
fn generated_matrices_are_decomposed() {
    for size in SIZES {
        assert_decomposed(&Stream(size as u64).symmetric(size), size, &format!("size {size}"));
    }
}

#[test]
fn every_spectrum_is_found() {
    for size in SIZES {
        for (name, mut expected) in spectra(size) {
            let matrix = Stream(size as u64).with_eigenvalues(&expected);
            let what = format!("{name} of size {size}");
            let found = assert_decomposed(&matrix, size, &what).eigenvalues;
            expected.sort_by(f64::total_cmp);
            let largest = expected.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
            for (found, expected) in found.iter().zip(&expected) {
                let apart = (found - expected).abs();
                assert!(apart <= 16.0 * size as f64 * f64::EPSILON * largest, "{what}: {found:e} for {expected:e}");
            }
        }
    }
}

#[test]
fn the_second_difference_has_its_known_eigenvalues() {
    for size in SIZES {
        let entry = |at: usize| match (at % size).abs_diff(at / size) {
            0 => 2.0,
            1 => -1.0,
            _ => 0.0,
        };
        let matrix: Vec<f64> = (0..size * size).map(entry).collect();
        for (k, found) in assert_decomposed(&matrix, size, "second difference").eigenvalues.iter().enumerate() {
            let angle = (k + 1) as f64 * std::f64::consts::FRAC_PI_2 / (size + 1) as f64;
            assert!((found - 4.0 * angle.sin() * angle.sin()).abs() < 1e-14, "{size} {k}: {found}");
        }
    }
}

#[test]
fn matrices_that_are_diagonal_already_keep_every_digit() {
    for diagonal in [vec![0.0; 5], vec![3.0, -1.0, 2.0, 1e-300, 1e-17], vec![7.0], vec![1e300, -1e300, 0.0]] {
        let size = diagonal.len();
        let mut matrix = vec![0.0; size * size];
        (0..size).for_each(|i| matrix[i * size + i] = diagonal[i]);
        let mut sorted = diagonal.clone();
        sorted.sort_by(f64::total_cmp);
        assert_eq!(Decomposition::new(&matrix, size).eigenvalues, sorted);
    }
}

#[test]
fn a_graded_matrixs_small_eigenvalues_keep_their_digits_either_way_round() {
    // ((1, δ), (δ, 2 δ²)) has eigenvalues near 1 + δ² and δ²; a third row far below has its own.
    let (delta, small) = (1e-6, 1e-20);
    let down = [1.0, delta, 0.0, delta, 2.0 * delta * delta, 0.0, 0.0, 0.0, small];
    let up: Vec<f64> = down.iter().rev().copied().collect();
    for matrix in [down.to_vec(), up] {
        let found = Decomposition::new(&matrix, 3).eigenvalues;
        assert!((found[0] / small - 1.0).abs() < 1e-12, "{found:?}");
        assert!((found[1] / (delta * delta) - 1.0).abs() < 1e-9, "{found:?}");
    }
}

#[test]
fn coordinates_and_vectors_are_each_others_inverse_and_no_column_depends_on_its_neighbours() {
    for size in SIZES {
        let mut stream = Stream(7 + size as u64);
        let decomposition = Decomposition::new(&stream.symmetric(size), size);
        let columns = stream.vector(6 * size);
        let coordinates = decomposition.coordinates(&columns);
        let back = decomposition.vectors(&coordinates);
        let apart: Vec<f64> = back.iter().zip(&columns).map(|(a, b)| a - b).collect();
        assert!(norm(&apart) < 1e-13 * norm(&columns), "{size}: {:e}", norm(&apart));
        for (column, coordinates) in columns.chunks(size).zip(coordinates.chunks(size)) {
            assert_eq!(decomposition.coordinates(column), coordinates);
        }
    }
}

#[test]
fn a_symmetric_product_is_the_sum_and_no_column_depends_on_its_neighbours() {
    for size in SIZES {
        let mut stream = Stream(11 + size as u64);
        let (matrix, columns) = (stream.symmetric(size), stream.vector(7 * size));
        let products = symmetric_product(&matrix, size, &columns);
        for (column, product) in columns.chunks(size).zip(products.chunks(size)) {
            assert_eq!(symmetric_product(&matrix, size, column), product);
            for (row, entry) in product.iter().enumerate() {
                let sum: f64 = (0..size).map(|k| matrix[k * size + row] * column[k]).sum();
                assert!((sum - entry).abs() <= 1e-13 * size as f64, "{size}: {sum} {entry}");
            }
        }
    }
}

#[test]
fn no_number_is_needed_for_no_matrix() {
    let decomposition = Decomposition::new(&[], 0);
    assert!(decomposition.eigenvalues.is_empty() && decomposition.coordinates(&[]).is_empty());
}
