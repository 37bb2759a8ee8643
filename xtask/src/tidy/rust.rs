//! Numbers that keep rooms livable, and files that nothing includes.

use std::collections::BTreeSet;

use anyhow::Context;
use syn::spanned::Spanned;
use syn::visit::Visit;

use super::Complaint;
use super::tree::File;

/// Lines of a function.
const FUNCTION: usize = 70;
/// Lines of a handler: a function whose first argument is extracted from a request.
const HANDLER: usize = 40;
/// Lines of a file without its tests.
const FILE: usize = 400;
/// Columns of a line.
const COLUMNS: usize = 100;

/// Checks all Rust files.
pub fn check(tree: &[File], complaints: &mut Vec<Complaint>) -> anyhow::Result<()> {
    for file in tree.iter().filter(|file| file.path.ends_with(".rs")) {
        let syntax = syn::parse_file(&file.text).with_context(|| file.path.clone())?;
        check_file(file, &syntax, complaints);
    }
    orphans(tree, complaints)
}

fn check_file(file: &File, syntax: &syn::File, complaints: &mut Vec<Complaint>) {
    let test_code = file.path.contains("/tests/") || file.path.ends_with("tests.rs");
    if !file.text.starts_with("//!") {
        complaints.push(Complaint::new(&file.path, "begins without saying what it is for", ""));
    }
    let long = file.text.lines().position(|line| line.chars().count() > COLUMNS);
    if let Some(line) = long {
        let at = format!("line {}", line + 1);
        complaints.push(Complaint::new(&file.path, "has a line over 100 columns", at));
    }
    if test_code {
        return;
    }
    let tests: usize = syntax.items.iter().filter(is_test_module).map(height).sum();
    let lines = file.text.lines().count() - tests;
    if lines > FILE {
        complaints.push(Complaint::new(&file.path, "is longer than 400 lines", lines.to_string()));
    }
    let site = ["crates/portal/src/", "crates/panel/src/"];
    let mut functions =
        Functions { site: site.iter().any(|at| file.path.starts_with(at)), long: Vec::new() };
    functions.visit_file(syntax);
    for (name, lines, limit) in functions.long {
        let what = format!("has a function over {limit} lines: {name}");
        complaints.push(Complaint::new(&file.path, what, lines.to_string()));
    }
}

fn height(item: &impl Spanned) -> usize {
    let span = item.span();
    span.end().line + 1 - span.start().line
}

fn is_test_module(item: &&syn::Item) -> bool {
    let syn::Item::Mod(module) = item else { return false };
    module.attrs.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

struct Functions {
    site: bool,
    long: Vec<(String, usize, usize)>,
}

impl Functions {
    fn measure(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let lines = height(block).max(1);
        let limit = if self.site && is_handler(signature) { HANDLER } else { FUNCTION };
        if lines > limit {
            self.long.push((signature.ident.to_string(), lines, limit));
        }
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_test_module(&&syn::Item::Mod(module.clone())) {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.measure(&function.sig, &function.block);
        syn::visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.measure(&function.sig, &function.block);
        syn::visit::visit_impl_item_fn(self, function);
    }
}

/// Handlers are asynchronous and take a piece of the request apart in their signature.
fn is_handler(signature: &syn::Signature) -> bool {
    signature.asyncness.is_some()
        && signature.inputs.iter().any(|input| match input {
            syn::FnArg::Typed(typed) => matches!(*typed.pat, syn::Pat::TupleStruct(_)),
            syn::FnArg::Receiver(_) => false,
        })
}

/// Files that no `mod` names.
fn orphans(tree: &[File], complaints: &mut Vec<Complaint>) -> anyhow::Result<()> {
    let mut named: BTreeSet<String> = BTreeSet::new();
    let sources: Vec<&File> = tree.iter().filter(|file| file.path.ends_with(".rs")).collect();
    for file in &sources {
        let folder = child_folder(&file.path);
        for item in syn::parse_file(&file.text)?.items {
            if let syn::Item::Mod(module) = item
                && module.content.is_none()
            {
                named.insert(format!("{folder}/{}.rs", module.ident));
                named.insert(format!("{folder}/{}/mod.rs", module.ident));
            }
        }
    }
    for file in sources {
        if !is_root(&file.path) && !named.contains(&file.path) {
            complaints.push(Complaint::new(&file.path, "is included by nothing", ""));
        }
    }
    Ok(())
}

/// Whether a program, library, test or example begins with the file.
fn is_root(path: &str) -> bool {
    let folder = std::path::Path::new(path).parent();
    ["/main.rs", "/src/lib.rs", "/build.rs"].iter().any(|end| path.ends_with(end))
        || folder.is_some_and(|folder| folder.ends_with("tests") || folder.ends_with("examples"))
}

/// The folder in which the modules of a file lie.
fn child_folder(path: &str) -> String {
    let bare = path.trim_end_matches(".rs");
    if is_root(path)
        && let Some((folder, _)) = bare.rsplit_once('/')
    {
        return folder.to_owned();
    }
    for root in ["/mod", "/lib", "/main"] {
        if let Some(folder) = bare.strip_suffix(root) {
            return folder.to_owned();
        }
    }
    bare.to_owned()
}
