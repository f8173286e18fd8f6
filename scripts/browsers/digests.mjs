// What the modules answer to drawn experiments, told to the bit; it stands alone, as pages load it too.

/** One digest a module and experiment: of its report, of the message of its refusal, or of its silence. */
export async function digests(modules, experiments) {
  const texts = modules.flatMap(({ Lab }) => {
    const lab = new Lab();
    return experiments.map((experiment) => answer(lab, experiment));
  });
  return Promise.all(texts.map(digest));
}

function answer(lab, experiment) {
  try {
    return JSON.stringify(lab.solve(experiment), exactly) ?? 'not covered';
  } catch (error) {
    if (error.name !== 'Error') throw error;
    return error.message;
  }
}

/** JSON writes a number so that it comes back to the bit, but for the sign of zero. */
function exactly(_, value) {
  return Object.is(value, -0) ? '-0' : value;
}

async function digest(text) {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
