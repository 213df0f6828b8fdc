import { speak } from "../i18n";
import english from "../locales/en.json";
import more from "../locales/later/en.json";

// Texts are fetched when the app starts; what is tested here needs them at once.
speak("en", { ...english, ...more });
