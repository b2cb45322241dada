//! The evaluator: an abstract interpreter for Python, and what a program's names hold after it ran.
//!
//! [`Machine`] runs a program's modules in every case at once: where the source does not decide a condition, both arms
//! are run, and what differs after them becomes alternatives, each with the [`Formula`](formula::Formula) under which
//! it holds. Known values are what CPython would compute; in doubt a value is unknown, with the reason.
//!
//! | part | what it holds |
//! |---|---|
//! | `world` | the files, import path and installed packages around the program |
//! | `formula` | undecided conditions |
//! | `object`, `heap` | what names refer to while the program runs |
//! | `machine` | where the program stands: forking, joining, budgets |
//! | `statement`, `expression`, `operator`, `call`, `import`, … | Python's semantics |
//! | `builtins`, `methods`, `models` | what is built in, and the libraries that are known |
//! | `value`, `freeze` | what rules see |

mod assign;
mod attribute;
mod bare;
mod blur;
mod branch;
mod brief;
mod budget;
mod builtins;
mod call;
mod changes;
mod checkpoint;
mod class;
mod compare;
mod comprehension;
mod condition;
mod control;
mod convert;
mod descriptor;
mod escape;
mod exec;
mod expression;
mod formula;
mod foundation;
mod freeze;
mod guard;
mod heap;
mod history;
mod import;
mod include;
mod instance;
mod iterate;
mod iterator;
mod literal;
mod machine;
mod membership;
mod methods;
mod models;
mod narrow;
mod object;
mod operator;
mod other_names;
mod out_of_sight;
mod raise;
mod replace;
mod resolution;
mod same;
mod scope;
mod search;
mod sequences;
mod size;
mod snapshot;
mod statement;
mod subscript;
mod supers;
mod text;
mod truth;
mod unset;
pub mod url;
pub mod value;
mod world;

pub use budget::with_stack;
pub use foundation::Foundations;
pub use freeze::Frozen;
pub use history::{Deed, Step};
pub use machine::{Assumption, Imports, Machine, Mode, Run, Stop};
pub use models::compose_env_file::{ComposeReader, Malformed};
pub use models::django_defaults::{django_default, django_settings, is_django_setting};
pub use models::env_file;
pub use object::Module;
pub use world::{Environment, ModuleSource, Trees, Variable, World};
