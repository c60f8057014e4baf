//! The recipes of a reader: one for a shape, a plan and a limit.
//!
//! Comes in: which of these a document has. Goes out: the recipe, if there is one. Never true here: a recipe of another shape or
//! plan; more than [`PLACES`] recipes.

use super::prepared::Prepared;
use super::recipe::Recipe;
use super::reject::Limits;
use journey_json::Document;

/// Recipes that are kept: 40 bytes a value that is read and 48 a key, which of the most tokens that a shape has and the most
/// text that its keys have are some 80 KB, and 2 to 4 KB of most.
const PLACES: usize = 128;
/// How many documents that it does not fit a recipe outlives, behind the last that it did.
const WORTH: u8 = 4;

#[derive(Debug, Default)]
pub(super) struct Recipes {
    places: Vec<Place>,
    /// How many documents were read by one.
    pub followed: u64,
}

/// Where the recipes of a few shapes and plans may stand.
#[derive(Debug, Default)]
struct Place {
    of: Of,
    worth: u8,
    recipe: Option<Recipe>,
}

/// What a recipe belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Of {
    shape: u64,
    plan: u64,
    items: usize,
}

impl Of {
    /// Of a document of a known shape.
    #[inline(always)]
    pub fn new(document: &Document<'_>, plan: &Prepared, limits: &Limits) -> Option<Of> {
        Some(Of {
            shape: document.shape()?,
            plan: plan.number,
            items: limits.items,
        })
    }

    #[inline(always)]
    fn place(self) -> usize {
        let mixed = self.shape ^ self.plan.rotate_left(32);
        (mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 57) as usize % PLACES
    }
}

impl Recipes {
    /// The recipe, if there is one.
    #[inline(always)]
    pub fn get(&self, of: Of) -> Option<&Recipe> {
        let place = self.places.get(of.place())?;
        place.recipe.as_ref().filter(|_| place.of == of)
    }

    /// It fitted.
    #[inline(always)]
    pub fn praise(&mut self, of: Of) {
        self.followed += 1;
        if let Some(place) = self.places.get_mut(of.place()) {
            place.worth = WORTH;
        }
    }

    /// There was none, or it did not fit: what `make` gives is kept, if nothing better is where it belongs.
    #[inline(never)]
    pub fn offer(&mut self, of: Of, make: impl FnOnce() -> Option<Recipe>) {
        if self.places.is_empty() {
            self.places.resize_with(PLACES, Place::default);
        }
        let Some(place) = self.places.get_mut(of.place()) else {
            return;
        };
        if place.worth > 0 {
            place.worth -= 1;
            return;
        }
        *place = Place {
            of,
            worth: WORTH,
            recipe: make(),
        };
    }
}
