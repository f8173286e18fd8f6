// What the WebAssembly modules of a page and of its workers hold, which no browser counts as the page's memory.

const HELD = 'function () { return this.reduce((sum, { buffer }) => sum + buffer.byteLength, 0); }';

/** In bytes, over the memories of all instances that have not been collected. */
export async function wasmMemory(page) {
  const session = await page.context().newCDPSession(page);
  const workers = await attachWorkers(session);
  let bytes = 0;
  for (const send of [session.send.bind(session), ...workers]) bytes += await held(send);
  await session.detach();
  return bytes;
}

async function held(send) {
  const { result: prototype } = await send('Runtime.evaluate', { expression: 'WebAssembly.Memory.prototype' });
  const { objects } = await send('Runtime.queryObjects', { prototypeObjectId: prototype.objectId });
  const call = { objectId: objects.objectId, functionDeclaration: HELD, returnByValue: true };
  return (await send('Runtime.callFunctionOn', call)).result.value;
}

/** How to speak with each worker: in messages within messages, since a session of Playwright's knows its own target only. */
async function attachWorkers(session) {
  const sessions = [];
  const answers = new Map();
  session.on('Target.attachedToTarget', ({ sessionId }) => sessions.push(sessionId));
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message);
    answers.get(id)?.(result);
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  return sessions.map(
    (sessionId) => (method, params) =>
      new Promise((resolve) => {
        const id = answers.size + 1;
        answers.set(id, resolve);
        void session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method, params }) });
      }),
  );
}
