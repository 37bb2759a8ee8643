// Every behaviour of the site. Pages work without them.
import "./auto-submit.js";
import "./busy.js";
import "./copy.js";
import "./dialog.js";
import "./focus.js";
import "./list.js";
import "./live-preview.js";
import "./menu.js";
import "./password-toggle.js";
import "./pay-sum.js";
import "./preview.js";
import "./select-all.js";
import "./tabs.js";
import "./theme.js";
import "./toast.js";
import "./wait.js";
