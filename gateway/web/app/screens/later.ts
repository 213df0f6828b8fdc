// What is for writing and for seldom visits, in one file that is fetched after the first screen. In files of their own
// they would share so many small ones that the first load had to ask for a dozen.
import "../shared";
export { AgreementScreen } from "./agreement";
export { Goods } from "./goods";
export { RecordDialog } from "./record";
export { ShareSheet } from "./share";
export { Sharing } from "./sharing";
