// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "app/archive/archive.h"
#include "app/connection/connection.h"
#include "app/connection/token_store.h"
#include "app/state/live_state.h"

namespace shell {

// Joins the archive with the line, whose news it keeps, with the state, which it fills at the start, and with the place
// where its key is. GUI thread. Off: nothing is read or kept, and every opening is ready at once.
class ArchiveDesk : public QObject {
    Q_OBJECT

public:
    ArchiveDesk(archive::Archive& archive, connection::Connection& line, state::LiveState& state,
                connection::TokenStore& keys, bool on, QObject* parent = nullptr);

    // Answers by ready(). The first one fills the state with what is kept of the backend at the address (empty = the
    // last one).
    void open(const QString& address);
    void startOver();

signals:
    void ready(const archive::Opened& opened);
    // The key had to be put into a file, since there is no keychain; the archive cannot be kept, and why.
    void keyInFile(const QString& path);
    void failed(const QString& why);

private:
    void wireNews();
    void wireKey();
    void openWith(const QByteArray& key);

    archive::Archive& m_archive;
    connection::Connection& m_line;
    state::LiveState& m_state;
    connection::TokenStore& m_keys;
    bool m_on;
    bool m_loaded = false;
    bool m_opening = false;
    QString m_address;
    QByteArray m_key;
};

} // namespace shell
