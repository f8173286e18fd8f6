// A lab's worker and its module, each loaded once. The page fetches the module and hands it over, so that a worker asks nobody
// for anything, a new one starts at once, and the page works from a disk too.

export interface LabFiles {
  /** Where the module is. */
  readonly address: string;
  readonly LabWorker: new () => Worker;
}

export class Lab {
  readonly #open: () => Promise<LabFiles>;
  #files: Promise<LabFiles> | null = null;
  #module: Promise<WebAssembly.Module> | null = null;
  #loaded = false;

  constructor(open: () => Promise<LabFiles>) {
    this.#open = open;
  }

  get isLoaded(): boolean {
    return this.#loaded;
  }

  /** A new worker, which waits for the module before it answers. */
  async worker(): Promise<Worker> {
    this.#files ??= this.#open();
    const { LabWorker } = await this.#files;
    return new LabWorker();
  }

  async module(): Promise<WebAssembly.Module> {
    this.#module ??= this.#load();
    const module = await this.#module;
    this.#loaded = true;
    return module;
  }

  /** What has failed to load, or does not come, is asked for anew when it is next wanted. */
  forget(): void {
    if (this.#loaded) return;
    this.#files = null;
    this.#module = null;
  }

  async #load(): Promise<WebAssembly.Module> {
    this.#files ??= this.#open();
    return compile((await this.#files).address);
  }
}

async function compile(address: string): Promise<WebAssembly.Module> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return WebAssembly.compile(await response.arrayBuffer());
}
