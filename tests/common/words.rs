//! Numbers in sentences.

/// The number that follows `words` in a sentence.
pub fn number_after(sentence: &str, words: &str) -> f64 {
    let (_, rest) = sentence.split_once(words).unwrap_or_else(|| panic!("no \"{words}\" in \"{sentence}\""));
    let digits: String = rest.chars().take_while(|c| "0123456789.e-−".contains(*c)).collect();
    let digits = digits.trim_end_matches('.').replace('−', "-");
    digits.parse().unwrap_or_else(|_| panic!("{digits} is no number in \"{sentence}\""))
}
