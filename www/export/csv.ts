// The curves as CSV: one row an iterate of a method.

import type { Report } from '../../pkg/hessian_lab';

const HEAD = 'method,iteration,products,relative_error,cosine_similarity,residual,energy_error,slope';

export function curvesCsv(report: Report): string {
  const rows = report.methods.flatMap(({ method, trace }) =>
    trace.products.map((products, k) => {
      const measures = [trace.relative_error, trace.cosine_similarity, trace.residual, trace.energy_error, trace.slope];
      return [method, k, products, ...measures.map((series) => series[k] ?? '')].join(',');
    }),
  );
  return `${[HEAD, ...rows].join('\n')}\n`;
}
