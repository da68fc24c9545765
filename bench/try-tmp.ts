import { obtainVault } from "/work/wt/gen-e/bench/lib/bench-vault.ts";
import { startServer } from "/work/wt/gen-e/bench/service/server-process.ts";
import { Generator } from "/work/wt/gen-e/bench/load/generator-process.ts";
const [door, rate, batch, conns, secs] = process.argv.slice(2);
const vault = await obtainVault(20000, console.error);
const server = await startServer(vault, { workers: 0, echo: null });
const g = new Generator();
try {
  for (let k=0;k<2;k++) {
  const u0 = await server.usage();
  const r = await g.run({ door: door as any, address: server.session, isoPort: server.isoPort, vaultDir: vault.dir, echo: false, rate: +rate, batch: +batch, connections: +conns, seconds: +secs, warmUpSeconds: 1, metricsPort: null, tickSeconds: 1 }, {tick: (t)=>console.error(JSON.stringify(t))});
  const u1 = await server.usage();
  console.log({...r.point, histogram: r.point.histogram.length}, r.cpuSeconds, u1.cpuSeconds-u0.cpuSeconds, (u1.allocatedBytes-u0.allocatedBytes)/r.point.answered, u1); }
} finally { await g.close(); await server.stop(); }
