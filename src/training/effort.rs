//! What training costs, counted in what costs it: passes over the data, whatever the machine.

/// Evaluations, gradients and products with a curvature matrix, each over the whole data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Objectives alone, without their gradients: a forward pass each.
    pub values: usize,
    /// Gradients, or whatever takes a forward and a backward pass as they do.
    pub gradients: usize,
    /// Products with a Hessian or Gauss-Newton matrix.
    pub products: usize,
}

impl Effort {
    /// The effort in products: a gradient is half of one, and an objective alone a third of a gradient.
    ///
    /// A backward pass costs about two forward ones, and a product with the Hessian about two gradients (Griewank and
    /// Walther 2008, *Evaluating derivatives*, chapters 3 and 5, <https://doi.org/10.1137/1.9780898717761>; Pearlmutter
    /// 1994, section 3). A Gauss-Newton product is somewhat cheaper than that and counts as one all the same.
    pub fn in_products(self) -> f64 {
        self.products as f64 + self.gradients as f64 / 2.0 + self.values as f64 / 6.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_two_gradients_and_six_objectives() {
        let effort = |values, gradients, products| Effort { values, gradients, products }.in_products();
        assert_eq!([effort(0, 0, 1), effort(0, 2, 0), effort(6, 0, 0)], [1.0; 3]);
        assert_eq!(effort(6, 2, 3), 5.0);
    }
}
