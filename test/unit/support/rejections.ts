// Mocha passes a test whose promise rejected with nobody waiting for it.
process.on('unhandledRejection', (reason) => {
  throw reason;
});
