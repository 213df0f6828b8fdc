import "./words";
import "./language";
import "./findings";
import "./sentences";
import "./logic";
import "./markdown";
import "./segments";
import { report } from "./check";

(globalThis as { report?: unknown }).report = report;
