//! Pearson's correlation of two lists of numbers.

/// Σ (aᵢ − ā)(bᵢ − b̄) / √(Σ (aᵢ − ā)² Σ (bᵢ − b̄)²) over the pairs of which both numbers are there; none of fewer than two
/// pairs, or where one of the lists does not vary.
pub fn correlation(a: &[Option<f64>], b: &[Option<f64>]) -> Option<f64> {
    let (a, b): (Vec<f64>, Vec<f64>) = a.iter().zip(b).filter_map(|(a, b)| a.zip(*b)).unzip();
    let (a, b) = (standardised(&a)?, standardised(&b)?);
    Some(a.iter().zip(&b).map(|(a, b)| a * b).sum::<f64>().clamp(-1.0, 1.0))
}

/// The deviations from the mean, as a vector of length 1.
fn standardised(numbers: &[f64]) -> Option<Vec<f64>> {
    let largest = numbers.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    let mean = numbers.iter().map(|x| x / largest).sum::<f64>() / numbers.len() as f64;
    let deviations: Vec<f64> = numbers.iter().map(|x| x / largest - mean).collect();
    let length = deviations.iter().map(|x| x * x).sum::<f64>().sqrt();
    // What rounding alone makes of equal numbers is no variation; that of a single one, or of none, is zero.
    let varies = length > 8.0 * f64::EPSILON * (numbers.len() as f64).sqrt();
    varies.then(|| deviations.iter().map(|x| x / length).collect())
}

#[cfg(test)]
mod tests {
    use super::correlation;

    fn of(a: &[f64], b: &[f64]) -> Option<f64> {
        let there = |numbers: &[f64]| numbers.iter().map(|&x| Some(x)).collect::<Vec<_>>();
        correlation(&there(a), &there(b))
    }

    #[test]
    fn a_line_has_correlation_one_and_its_mirror_image_minus_one() {
        assert_eq!(of(&[1.0, 2.0, 4.0], &[3.0, 5.0, 9.0]), Some(1.0));
        assert_eq!(of(&[1.0, 2.0, 4.0], &[-3e200, -5e200, -9e200]), Some(-1.0));
    }

    #[test]
    fn a_known_case_is_what_it_is() {
        let correlation = of(&[1.0, 2.0, 3.0, 4.0], &[2.0, 1.0, 4.0, 3.0]).expect("both vary");
        assert!((correlation - 0.6).abs() < 1e-15);
    }

    #[test]
    fn what_does_not_vary_or_is_not_there_has_none() {
        assert_eq!(of(&[0.1, 0.1, 0.1], &[1.0, 2.0, 3.0]), None);
        assert_eq!(of(&[0.0, 0.0], &[1.0, 2.0]), None);
        assert_eq!(of(&[1.0], &[2.0]), None);
        assert_eq!(of(&[], &[]), None);
        assert_eq!(correlation(&[Some(1.0), None, Some(2.0)], &[Some(1.0), Some(2.0), None]), None);
        let rounded: Vec<_> = (0..100).map(|i| 1.0 + f64::from(i % 2) * 2.0 * f64::EPSILON).collect();
        let line: Vec<_> = (0..100).map(f64::from).collect();
        assert_eq!(of(&rounded, &line), None);
    }
}
