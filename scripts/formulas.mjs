// A Vite plugin that turns TeX into MathML while the page is built: formulas cost the reader's browser no script.

import temml from 'temml';

/** Inline \( … \) and displayed \[ … \]. */
const TEX = /\\\(([\s\S]+?)\\\)|\\\[([\s\S]+?)\\\]/g;
/** The strings of a module that may hold TeX: those in which a backslash stands for itself. */
const RAW = /String\.raw`[^`]*`/g;

/** Every formula in a text as MathML. A formula that is not TeX ends the build. */
export function withFormulas(text) {
  return text.replace(TEX, (_, inline, displayed) => toMathML(inline ?? displayed, displayed !== undefined));
}

/** No inline style and no class of a style sheet that isn't there: a strict policy refuses the one, and the other is dead. */
function toMathML(tex, displayMode) {
  const mathML = temml.renderToString(tex, { displayMode, trust: true, throwOnError: true });
  return mathML.replace(/ style="[^"]*"/g, '').replace(/ class="tml-[^"]*"/g, '');
}

/** Formulas in index.html, and in the raw strings of the modules whose names match. */
export function formulas(modules) {
  return {
    name: 'formulas',
    enforce: 'pre',
    transformIndexHtml: { order: 'pre', handler: withFormulas },
    transform: (code, id) => (modules.test(id) ? { code: code.replace(RAW, withFormulas), map: null } : undefined),
  };
}
