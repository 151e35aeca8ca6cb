import { testTable } from "../table.contract.ts";
import { createMemoryTable } from "./table.ts";

testTable("a table in memory", async (now) => ({
  table: createMemoryTable({ now }),
  remove: async () => {},
}));
