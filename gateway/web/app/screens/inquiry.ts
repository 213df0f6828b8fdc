// The screens that explain who sees what, in one file that is fetched when somebody first asks.
import "../shared";
export { Access } from "./access";
export { Partner } from "./partner";
export { RulesScreen } from "./rules";
