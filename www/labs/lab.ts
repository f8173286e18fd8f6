// A lab's worker and its module, each loaded once. The page fetches the module and hands it over, so that a worker asks nobody
// for anything, a new one starts at once, and the page works from a disk too.

export interface LabFiles {
  /** Where the module is. */
  readonly address: string;
  readonly LabWorker: new () => Worker;
}

export class Lab {
  readonly #files: () => Promise<LabFiles>;
  readonly #module: () => Promise<WebAssembly.Module>;
  #loaded = false;

  /** What fails to load is tried again when it is next wanted. */
  constructor(open: () => Promise<LabFiles>) {
    this.#files = once(open);
    this.#module = once(async () => compile((await this.#files()).address));
  }

  get isLoaded(): boolean {
    return this.#loaded;
  }

  /** A new worker, which waits for the module before it answers. */
  async worker(): Promise<Worker> {
    const { LabWorker } = await this.#files();
    return new LabWorker();
  }

  async module(): Promise<WebAssembly.Module> {
    const module = await this.#module();
    this.#loaded = true;
    return module;
  }
}

async function compile(address: string): Promise<WebAssembly.Module> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return WebAssembly.compile(await response.arrayBuffer());
}

function once<T>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | null = null;
  return () => {
    started ??= start().catch((error) => {
      started = null;
      throw error;
    });
    return started;
  };
}
