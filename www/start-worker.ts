// Starts workers. The page fetches the module once and hands it over, so that a worker asks nobody for anything, a new one
// starts at once, and the page works from a disk too.

import moduleUrl from '../pkg/hessian_lab_bg.wasm?url';
import LabWorker from './worker?worker&inline';

let compiling: Promise<WebAssembly.Module> | null = null;

export function startWorker(): Worker {
  const worker = new LabWorker();
  compiling ??= compile();
  compiling.then(
    (module) => worker.postMessage({ module }),
    (error) => {
      compiling = null;
      worker.dispatchEvent(new ErrorEvent('error', { message: `the numerics did not load (${error.message})` }));
    },
  );
  return worker;
}

async function compile(): Promise<WebAssembly.Module> {
  const response = await fetch(moduleUrl);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return WebAssembly.compile(await response.arrayBuffer());
}
