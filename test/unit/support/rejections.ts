// Mocha passes a test whose promise rejected with nobody waiting for it. A hook, because a worker of a parallel run
// takes every listener away after each file.
export const mochaHooks = {
  beforeAll(): void {
    process.on('unhandledRejection', fail);
  },
  afterAll(): void {
    process.off('unhandledRejection', fail);
  },
};

function fail(reason: unknown): never {
  throw reason;
}

// Until mocha says otherwise at its end: it goes as if all had passed when a worker has died.
process.exitCode = 1;
