// Charts on paper: they are drawn for the screen's width, and nothing draws them anew before a page is printed.

/** For as long as it is printed, a chart's picture fits the room that the paper gives it. */
export function fitForPrint(): void {
  const charts = new Set<SVGSVGElement>();
  addEventListener('beforeprint', () => {
    for (const chart of document.querySelectorAll<SVGSVGElement>('svg.chart:not([viewBox])')) {
      const { width, height } = chart.getBoundingClientRect();
      if (width === 0) continue;
      chart.setAttribute('viewBox', `0 0 ${width} ${height}`);
      chart.setAttribute('preserveAspectRatio', 'xMinYMin meet');
      charts.add(chart);
    }
  });
  addEventListener('afterprint', () => {
    for (const chart of charts) for (const name of ['viewBox', 'preserveAspectRatio']) chart.removeAttribute(name);
    charts.clear();
  });
}
