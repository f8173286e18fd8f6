// The lessons that the reader has finished: those whose prediction has been made, kept from visit to visit.

const KEY = 'hessian-lab-lessons';

/** Where storage is refused, or full, they are known until the page is left. */
const finished = new Set<string>();

export function finishedLessons(): ReadonlySet<string> {
  for (const name of stored()) finished.add(name);
  return finished;
}

export function finishLesson(name: string): void {
  if (finishedLessons().has(name)) return;
  finished.add(name);
  try {
    localStorage.setItem(KEY, [...finished].join(' '));
  } catch {
    // The set above remembers.
  }
}

function stored(): string[] {
  try {
    return localStorage.getItem(KEY)?.split(' ') ?? [];
  } catch {
    return [];
  }
}
