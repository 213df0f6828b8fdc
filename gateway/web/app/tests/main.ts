import "./language";
import "./logic";
import "./markdown";
import "./segments";
import { report } from "./check";

(globalThis as { report?: unknown }).report = report;
