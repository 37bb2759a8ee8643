// Style sheets that a brand may have, each of which tries to hide, cover, change or move away the
// portal's own notices.

export const HOSTILE_SHEETS = [
  ".notice,.notice *{display:none!important}",
  ".staff-banner,.alert,.field-fault{display:none!important}",
  "body{display:none!important}",
  ":root,body,main,.shell,.entry{display:none!important}",
  "html *{visibility:hidden!important}",
  "html,html *{opacity:0!important}",
  "*{color:transparent!important;background:transparent!important;" +
    "border-color:transparent!important}",
  "*{-webkit-text-fill-color:transparent!important;fill:transparent;stroke:transparent!important}",
  "html{font-size:0!important}",
  "*{font-size:0!important;line-height:0!important}",
  ":root{--warning-bg:white;--warning-text:white;--danger-bg:white;--danger-text:white;" +
    "--text:white;--text-sm:0}",
  "*{--warning-bg:white!important;--warning-text:white!important;--danger-bg:white!important;" +
    "--danger-text:white!important;--text:white!important;--text-sm:0!important;" +
    "--text-md:0!important;--surface:white!important}",
  ".alert{--alert-bg:white!important;--alert-text:white!important}" +
    "*{--raw-red-700:white!important;--red-ink:white!important;--raw-amber-700:white!important;" +
    "--amber-ink:white!important}",
  "body::before,.shell::before,.main::before,.entry::before{content:'';position:absolute;" +
    "inset:0;z-index:100;background:white}",
  ".notice::before,.notice::after,.alert::after,.staff-banner::after," +
    ".field-fault::after{content:'All is well'!important;position:absolute!important;" +
    "inset:0!important;background:white!important;z-index:100!important}",
  ".notice *::before,.notice *::after{content:'';position:absolute;inset:0;background:white;" +
    "z-index:100}",
  "*{position:absolute!important;left:-9999px!important;top:-9999px!important}",
  ".shell,.main,.entry,.entry-main,.entry-card,form{margin-left:-9999px!important}",
  "body{position:relative;margin-top:-500px!important}",
  "html,body,main{overflow:hidden!important;height:0!important;max-height:0!important}",
  "html,body,.shell,.main,.entry-main,form{transform:translate(-9999px,0)!important;" +
    "translate:-9999px 0!important}",
  ".main,.entry-main,form,body{transform:scale(0)!important;scale:0!important;" +
    "zoom:0.01!important;rotate:y 90deg!important}",
  ".main,body,form,.notice,.alert{clip-path:inset(50%)!important;" +
    "mask:linear-gradient(transparent,transparent)!important;" +
    "-webkit-mask-image:linear-gradient(transparent,transparent)!important;clip:rect(0,0,0," +
    "0)!important}",
  "body,main,form,.alert{filter:opacity(0)!important;mix-blend-mode:difference!important}",
  "body{filter:blur(50px)}.main{filter:brightness(0) invert(1)}",
  "body,main,.shell,form{content-visibility:hidden!important;contain:strict!important;" +
    "contain-intrinsic-size:1px!important}",
  "body,main,form{content:url(/brand/files/x.png)!important}",
  "*{pointer-events:none!important;user-select:none!important;interactivity:inert!important}",
  "*{text-indent:-9999px!important;white-space:nowrap!important;" +
    "letter-spacing:-2em!important;word-spacing:-9999px}",
  "*{-webkit-text-security:disc!important;text-transform:uppercase!important;" +
    "text-decoration:line-through 1em!important}",
  "*{unicode-bidi:bidi-override!important;direction:rtl!important;" +
    "writing-mode:vertical-rl!important}",
  "main::first-line,body::first-line,form::first-line,.alert p::first-line," +
    ".staff-banner-text::first-line{font-size:0!important;color:transparent!important}",
  "main::first-letter,.alert p::first-letter,.alert-body::first-letter{font-size:200px!important}",
  "@keyframes gone{to{opacity:0;translate:-9999px;display:none}}" +
    "*{animation:gone 1ms forwards!important}",
  "*{transition:all 99999s!important}@starting-style{*{opacity:0!important;" +
    "translate:-9999px!important}}",
  "@layer guard,reset,tokens{*{opacity:0!important;display:none!important}}",
  "@layer x{@layer guard{*{opacity:0!important}}}",
  "@scope (.notice){:scope,*{display:none!important}}",
  "@container (width > 0){.notice *{display:none!important}}",
  "@media all{:root:root:root .notice.notice.notice *{all:unset!important;" +
    "display:none!important}}",
  "*{all:unset!important}",
  ".main>*,.entry-main>*,form>*,.page-head{position:relative;z-index:100;" +
    "margin-top:-300px!important;padding:300px 0;background:white}",
  ".page-head,.card,.list,.entry-head,.entry-foot{position:sticky;top:0;z-index:100;" +
    "min-height:100vh;background:white}",
  "body{display:flex!important;flex-direction:column-reverse!important}body>*{order:-1}",
  ".shell,.entry,main,form{display:grid!important;grid-template-columns:9000px!important;" +
    "justify-content:end!important;align-content:end!important;height:10px!important}",
  "main,form,.entry-card{columns:1px!important;column-count:99!important;width:1px!important;" +
    "max-width:1px!important}",
  "main,form{position:relative;z-index:-1!important;isolation:isolate}body{background:white}",
  "main,form{isolation:isolate;will-change:transform;perspective:1px;z-index:1;" +
    "position:relative}body::after{content:'';position:absolute;inset:0;z-index:100;" +
    "background:white}",
  "body{transform-style:preserve-3d}.top,.side,.page-head{transform:translateZ(500px);" +
    "background:white;position:relative;margin-bottom:-400px;padding-bottom:400px}",
  "main{outline:600px solid white;outline-offset:-600px}.card{box-shadow:0 0 0 2000px white}",
  "main,form{-webkit-box-reflect:below;view-transition-name:x}.top::after{content:'';" +
    "position:absolute;inset:0 0 -900px;z-index:100;background:white}",
  "html{padding-top:3000px!important}body{padding-top:3000px!important;border-top:3000px solid}",
  "html::before,body::before{content:'';display:block;height:3000px}",
  ".main,.shell,.entry,.entry-main,.entry-card,main,form{padding-inline-start:300vw!important}",
  ".main,.shell,.entry,.entry-main,form{border-inline-start:300vw solid white!important}",
  "body,.shell,.main,.entry,.entry-main,form{column-gap:300vw!important;row-gap:300vh!important}",
  "body,.shell,.main,.entry-main,form{margin-inline-start:300vw!important;" +
    "inset-inline-start:300vw!important;text-indent:300vw!important;translate:300vw}",
  ".main,.entry-main,form{box-sizing:content-box!important;padding:50vmax!important;" +
    "border:50vmax solid white!important}",
  ".skip-link{position:static!important;display:block;height:3000px!important;" +
    "clip-path:none!important}",
  ":has(.notice){display:none!important;opacity:0!important}" +
    ":root:has(.notice) .notice{display:none!important}",
  ":not(html,body,head,link,style){height:0!important;overflow:hidden!important;" +
    "padding:0!important;border:0!important;min-height:0!important}",
  "*{max-width:1px!important;max-height:1px!important;overflow:hidden!important}",
  "::selection{color:transparent}.notice ::marker{content:''!important;font-size:0!important}",
  "@font-face{font-family:Inter;src:local(x)}@font-face{font-family:sans-serif;" +
    "src:url(/brand/files/x)}*{font-family:sans-serif!important}",
  ".notice{translate:0 200px!important;margin:500px!important;inset:500px!important;" +
    "order:99!important}",
  "*{appearance:none!important;line-clamp:1!important;-webkit-line-clamp:1!important;" +
    "display:-webkit-box!important;-webkit-box-orient:vertical!important}",
  "html{zoom:0.05!important}",
];
