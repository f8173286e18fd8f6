//! Numbers as a reader would write them: a few significant digits.
//!
//! The standard library's formatting is exact to any number of digits; these few need no such tables, which would be a tenth of
//! the page's first download.

/// The number with three significant digits, as a reader would write it.
pub fn digits(number: f64) -> String {
    digits_of(number, 3)
}

/// The number with three significant digits, no smaller than it is: a threshold that has to be exceeded.
pub fn digits_above(number: f64) -> String {
    digits(raised(number, if is_plain(number.abs()) { 3 } else { 2 }))
}

/// The least number of so many significant digits that is no smaller.
pub fn raised(number: f64, significant: i32) -> f64 {
    if number == 0.0 {
        return number;
    }
    let places = significant - 1 - order(number.abs());
    shifted(shifted(number, places).ceil(), -places)
}

/// Two numbers with three significant digits, or with as many more as tell them apart.
pub fn digits_apart(one: f64, other: f64) -> (String, String) {
    let written = |significant| (digits_of(one, significant), digits_of(other, significant));
    (3..=MOST_DIGITS).map(written).find(|(one, other)| one != other).unwrap_or_else(|| written(3))
}

/// So many significant digits tell any two numbers apart.
const MOST_DIGITS: i32 = 17;

/// The number itself, rounded to so many significant digits.
pub fn rounded(number: f64, significant: i32) -> f64 {
    if number == 0.0 {
        return number;
    }
    let places = significant - 1 - order(number.abs());
    shifted(shifted(number, places).round_ties_even(), -places)
}

/// The number with so many significant digits, one fewer where it is written with a power of ten.
pub fn digits_of(number: f64, significant: i32) -> String {
    let magnitude = number.abs();
    let text = if magnitude == 0.0 {
        "0".into()
    } else if !magnitude.is_finite() {
        "∞".into()
    } else if is_plain(magnitude) {
        plain(magnitude, (significant - 1 - order(magnitude)).max(0))
    } else {
        scientific(magnitude, significant - 2)
    };
    if number < 0.0 { format!("−{text}") } else { text }
}

/// Whether a magnitude is written without a power of ten.
fn is_plain(magnitude: f64) -> bool {
    (1e-3..1e5).contains(&magnitude)
}

/// ⌊log₁₀⌋ of a magnitude.
fn order(magnitude: f64) -> i32 {
    magnitude.log10().floor() as i32
}

/// number · 10^places; in two steps, since 10³⁰⁹ is no number and what it brings near 1 is one.
fn shifted(number: f64, places: i32) -> f64 {
    let ten = |places: i32| 10.0_f64.powi(places.abs());
    match places {
        -300..=-1 => number / ten(places),
        0..=300 => number * ten(places),
        _ if places < 0 => number / ten(-300) / ten(places + 300),
        _ => number * ten(300) * ten(places - 300),
    }
}

fn plain(magnitude: f64, decimals: i32) -> String {
    with_point(shifted(magnitude, decimals).round_ties_even() as u64, decimals)
}

fn scientific(magnitude: f64, decimals: i32) -> String {
    let mut order = order(magnitude);
    let mut mantissa = shifted(magnitude, decimals - order).round_ties_even() as u64;
    if mantissa >= 10_u64.pow(decimals as u32 + 1) {
        (order, mantissa) = (order + 1, mantissa / 10);
    }
    format!("{}e{order}", with_point(mantissa, decimals))
}

/// A whole number of units of 10^−decimals.
fn with_point(units: u64, decimals: i32) -> String {
    let mut text = units.to_string();
    let decimals = decimals as usize;
    if decimals > 0 {
        text.insert_str(0, &"0".repeat((decimals + 1).saturating_sub(text.len())));
        text.insert(text.len() - decimals, '.');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{digits, digits_above, digits_apart, digits_of};

    #[test]
    fn numbers_read_as_a_person_would_write_them() {
        let cases = [
            (0.0, "0"),
            (4.32364, "4.32"),
            (-0.0213, "−0.0213"),
            (1234.5, "1234"),
            (1e-10, "1.0e-10"),
            (2.5e7, "2.5e7"),
            (9.96e-9, "1.0e-8"),
            (5e-324, "4.9e-324"),
            (f64::MAX, "1.8e308"),
            (f64::INFINITY, "∞"),
        ];
        for (number, text) in cases {
            assert_eq!(digits(number), text);
        }
    }

    #[test]
    fn a_threshold_is_not_written_smaller_than_it_is() {
        for (number, text) in [(4.321, "4.33"), (0.02131, "0.0214"), (-4.329, "−4.32"), (1.21e-7, "1.3e-7"), (0.0, "0")]
        {
            assert_eq!(digits_above(number), text);
        }
    }

    #[test]
    fn two_numbers_have_the_digits_that_tell_them_apart() {
        let apart = |one, other| digits_apart(one, other);
        assert_eq!(apart(4.7042, 4.7), ("4.704".into(), "4.700".into()));
        assert_eq!(apart(4.7042, 3.0), ("4.70".into(), "3.00".into()));
        assert_eq!(apart(1.0 + f64::EPSILON, 1.0), ("1.0000000000000002".into(), "1.0000000000000000".into()));
        assert_eq!(apart(2.0, 2.0), ("2.00".into(), "2.00".into()));
    }

    /// The standard library's own formatting is right to the last digit.
    #[test]
    fn digits_are_those_of_the_standard_library() {
        let mut number = 1.234_567_891e-300_f64;
        while number < 1e300 {
            for significant in [3, 4] {
                let expected = if (1e-3..1e5).contains(&number) {
                    let decimals = (f64::from(significant) - 1.0 - number.log10().floor()).max(0.0);
                    format!("{number:.*}", decimals as usize)
                } else {
                    format!("{number:.*e}", significant as usize - 2)
                };
                assert_eq!(digits_of(number, significant), expected);
            }
            number *= 1.013_579;
        }
    }
}
